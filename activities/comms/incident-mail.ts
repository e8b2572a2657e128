/** The written mail address of incidents learns of each one's beginning and end; both are mails of one thread. */

import type { About } from '../../workflows/contract/index.ts';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import type { Deps } from '../deps.ts';
import { ended, type Ending, type Link, mailedDeclaration } from '../messages/incident.ts';

/**
 * The first declaration alone: later ones rewrite the message in Slack. Twice equals once while the store holds its mark; a mail
 * whose outcome is not known is sent again, with the same Message-ID. Resolves to a sentence. @throws SystemError
 */
export function mailDeclaration(deps: Deps, incident: string, title: string, about: About, link?: Link): Promise<string> {
  const { severity, summary, details } = mailedDeclaration(title, about);
  return once(deps, `${incident}/declared`, (mail, to) =>
    mail.trigger({ to, dedupKey: `${incident}/mail`, summary, text: summary, severity, details, ...(link && { link }) }),
  );
}

/** @throws SystemError */
export function mailEnding(deps: Deps, incident: string, ending: Ending, about: About): Promise<string> {
  const { summary, text, details } = ended(ending, about).page;
  return once(deps, `${incident}/ended`, (mail, to) =>
    mail.resolve({ to, dedupKey: `${incident}/mail`, summary, text, details }),
  );
}

type Mail = NonNullable<Deps['systems']['mail']>;

/** Nothing to say where no address is described, or no mail server is connected. */
async function once(
  { platform, systems: { mail, artifacts } }: Deps,
  what: string,
  send: (mail: Mail, to: string) => Promise<void>,
): Promise<string> {
  const to = platform.channels.mail;
  if (!mail || to === undefined) return '';
  const mark = `incident-mails/${sha256(what)}`;
  // The mark comes last: a worker that dies in between leaves none, and the mail is sent again rather than not at all.
  if (await isMarked(artifacts, mark)) return '';
  await send(mail, to);
  await artifacts.write(mark, 'sent').catch(() => undefined);
  return `Mailed to ${to}.`;
}

/** A store that cannot be read or written keeps no mail back. */
const isMarked = (artifacts: Artifacts, mark: string) =>
  artifacts.read(mark).then(
    text => text !== undefined,
    () => false,
  );
