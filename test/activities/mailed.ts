/** A mail server on the stage; each worker writes under a sender of its own, so that what happens to its mail happens to no other's. */

import type { Fetch } from '../../activities/connectors/http.ts';
import type { MailConfig } from '../../activities/connectors/mail.ts';
import { serveMail } from '../../lab/stand-ins/mail.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customers } from '../../lab/world/customers.ts';

type Way = (fetch: Fetch) => Fetch;

const accepted = 250;

/** Keeps what lies in the mailboxes, by the first part of its Message-ID: `mail/ab12…`. */
export async function mailed(noted: string[]) {
  const ways = new Map<string, Way>();
  const around = surroundings({ record: ({ key }) => noted.push(`mail/${key.slice(1, 17)}`) });
  const { url, close } = await serveMail(around, {
    mailboxes: customers.map(({ email }) => email),
    async atEnd({ from, text, keep }) {
      const arriving: Fetch = async () => {
        keep();
        return new Response(null, { status: accepted });
      };
      const request = new Request('http://mail', { method: 'POST', body: text });
      const through = async () => ways.get(from)?.(arriving)(request);
      const answer = await through().catch(() => undefined);
      if (answer?.ok === false) throw Object.assign(new Error(`5.7.1 ${await answer.text()}`), { responseCode: 554 });
      return answer ? 'takes' : 'cut';
    },
  });
  return {
    close,
    /** For one worker; `way` stands between it and the mailboxes. */
    connection(way: Way): MailConfig {
      const from = `${crypto.randomUUID()}@nqba.example`;
      ways.set(from, way);
      return { url, from };
    },
  };
}
