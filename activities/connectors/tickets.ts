/**
 * Tickets of one GitHub repository (https://docs.github.com/en/rest/issues/issues). It has no idempotency key: the body begins with a
 * mark, by which we find ours again. Lists are used for that and not the search, whose index lags behind.
 */

import { z } from 'zod';
import { plainAddress, printed, under } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { type Answer, parsed, sender, type Wire } from './http.ts';
import { fault, fine, type Line } from './line.ts';
import { SystemError } from './system-error.ts';
import { bodyOf, ours, rewritten } from './ticket-body.ts';
import { withinLimits, withRetryAfter } from './ticket-limits.ts';

/** A ticket that carries our mark. */
export interface Ticket {
  id: string;
  /** As people call it: `#12`. */
  name: string;
  href: string;
  /** Absent while it is open. `at` is RFC 3339; `ours`: we have closed it. */
  closed?: { at: string; by?: string | undefined; ours: boolean } | undefined;
  /** Our part of its text; absent where people have rewritten it. */
  text?: string | undefined;
  body: string;
}

/** Every call throws SystemError. A mark is 64 hexadecimal digits. */
export interface Tickets {
  /** The open one with that mark, else the newest closed one, of those that have changed since (milliseconds since 1970). */
  find: (mark: string, since: number) => Promise<Ticket | undefined>;
  /** Nothing where it is deleted, has moved, or does not carry the mark any more. */
  read: (mark: string, id: string) => Promise<Ticket | undefined>;
  open: (mark: string, wanted: { title: string; text: string; labels: string[] }) => Promise<Ticket>;
  /** Our part of the text is replaced; what people have added stays. */
  update: (mark: string, ticket: Ticket, text: string) => Promise<Ticket>;
  close: (mark: string, ticket: Ticket, text: string) => Promise<Ticket>;
  place: () => Promise<{ hasIssues: boolean; isArchived: boolean; mayLabel: boolean }>;
}

export interface TicketsConfig {
  url: string;
  repository: string;
  token: string;
}

const system = 'Tickets';
export const label = 'nqba-runbooks';
/** Tickets of one page, pages that are looked through, and the bytes of one. */
const [onePage, mostPages, longestPage] = [50, 20, 8 * 1_048_576];

const issue = z.looseObject({
  number: z.number().int(),
  html_url: z.url(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  closed_at: z.string().nullish(),
  closed_by: z.looseObject({ login: z.string() }).nullish(),
});
type Issue = z.output<typeof issue>;
const repositoryAnswer = z.looseObject({
  has_issues: z.boolean(),
  archived: z.boolean().default(false),
  permissions: z.looseObject({ push: z.boolean(), triage: z.boolean().optional() }).optional(),
});

export function connectTickets({ url, repository, token }: TicketsConfig, wire: Wire): Tickets {
  const send = sender(system, { ...wire, fetch: withRetryAfter(wire.fetch, wire.now) });
  const at = under(url, `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'content-type': 'application/json',
    'user-agent': 'nqba-runbooks',
    'x-github-api-version': '2022-11-28',
  };
  const within = (answer: Answer) => withinLimits(system, answer);
  const ask = async (path: string, most?: number) => within(await send(at + path, { headers, ...(most && { most }) }));
  const write = async (method: 'POST' | 'PATCH', path: string, body: object) =>
    parsed(system, issue, within(await send(at + path, { method, headers, body: JSON.stringify(body) })));
  const place = async () => {
    const { has_issues: hasIssues, archived: isArchived, permissions } = parsed(system, repositoryAnswer, await ask(''));
    return { hasIssues, isArchived, mayLabel: permissions === undefined || permissions.push || permissions.triage === true };
  };
  const patch = async (mark: string, { id }: Ticket, change: object) =>
    ticketOf(mark, await write('PATCH', `/issues/${encodeURIComponent(id)}`, change));

  return {
    place,
    async find(mark, since) {
      const asked = { state: 'all', labels: label, sort: 'created', direction: 'asc', since: new Date(since).toISOString() };
      const marked: Issue[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const query = new URLSearchParams({ ...asked, per_page: `${onePage}`, page: `${page}` });
        const listed = parsed(system, z.array(issue), await ask(`/issues?${query.toString()}`, longestPage));
        marked.push(...listed.filter(({ body }) => ours(mark, body)));
        if (listed.length < onePage) return newestOf(mark, marked);
      }
      throw tooMany();
    },
    async read(mark, id) {
      const answer = await ask(`/issues/${encodeURIComponent(id)}`);
      if (!isGone(answer)) return markedTicket(mark, parsed(system, issue, answer));
      // The same answers mean that the repository itself is out of reach, or has no issues any more.
      const { hasIssues } = await place();
      return hasIssues ? undefined : markedTicket(mark, parsed(system, issue, answer));
    },
    open: async (mark, { title, text: said, labels }) =>
      ticketOf(mark, await write('POST', '/issues', { title, body: bodyOf(mark, said), labels: [label, ...labels] })),
    update: (mark, ticket, said) => patch(mark, ticket, { body: rewritten(mark, ticket.body, said) }),
    close: (mark, ticket, said) =>
      patch(mark, ticket, { body: rewritten(mark, ticket.body, said, true), state: 'closed', state_reason: 'completed' }),
  };
}

/** One that is open comes first. */
function newestOf(mark: string, marked: Issue[]): Ticket | undefined {
  const found = marked.find(({ state }) => state === 'open') ?? marked.at(-1);
  return found && ticketOf(mark, found);
}

const markedTicket = (mark: string, found: Issue) => (ours(mark, found.body) ? ticketOf(mark, found) : undefined);

function ticketOf(mark: string, { number, html_url, body, state, closed_at, closed_by }: Issue): Ticket {
  const part = ours(mark, body);
  const closed = state === 'closed' ? { at: closed_at ?? '', by: closed_by?.login, ours: part?.isClosed === true } : undefined;
  return { id: `${number}`, name: `#${number}`, href: printed(html_url), closed, text: part?.text, body: body ?? '' };
}

/** Moved, not to be seen, or deleted. */
const isGone = ({ status }: Answer) => status === 301 || status === 404 || status === 410;

const tooMany = () =>
  new SystemError({
    system,
    fault: 'garbled',
    text: `has more than ${onePage * mostPages} tickets that changed lately: none was created, as one may be there already`,
  });

export async function examine({
  system: tickets,
  config,
}: Pick<Seen<TicketsConfig, Tickets>, 'system' | 'config'>): Promise<Line> {
  if (!tickets || !config)
    return fine(
      system,
      'is not connected: follow-ups stand in the report. To connect it, set TICKETS_REPOSITORY and TICKETS_TOKEN.',
    );
  const { repository } = config;
  const { hasIssues, isArchived, mayLabel } = await tickets.place();
  if (!hasIssues)
    return fault(system, `has issues disabled in ${repository}.`, 'Enable them in its settings, or name another repository.');
  if (isArchived) return fault(system, `is read-only: ${repository} is archived.`, 'Name another repository.');
  if (!mayLabel)
    return fault(
      system,
      `may set no label in ${repository}, by which tickets are found.`,
      'Give the token write access to issues.',
    );
  return fine(system, `answers: ${repository} is there, and has issues. Whether the token may write them, only a ticket shows.`);
}

const without = 'follow-ups stand in the report and in `runbooks show`, and nowhere else';

export const ticketsSystem = describeSystem({
  variables: z.object({
    TICKETS_URL: plainAddress
      .default('https://api.github.com')
      .register(documented, { means: 'GitHub’s API. GitHub Enterprise Server: https://host/api/v3' }),
    TICKETS_REPOSITORY: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'is not a repository, as owner/name')
      .optional()
      .register(documented, {
        means:
          'the repository whose issues are the tickets of follow-ups; the intake and the command line read it too, and incidents that they open have tickets',
        without,
        example: 'your-company/operations',
      }),
    TICKETS_TOKEN: text.optional().register(documented, {
      means: 'a token that may read and write the issues of that repository',
      without,
      secret: true,
    }),
  }),
  configure: ({ TICKETS_URL: url, TICKETS_REPOSITORY: repository, TICKETS_TOKEN: token }) =>
    repository && token ? { url, repository, token } : undefined,
  missing: ({ TICKETS_REPOSITORY: repository, TICKETS_TOKEN: token }, { variables }) => [
    !(repository && token) &&
      (repository || token || variables['TICKETS_URL']) &&
      `${repository ? 'TICKETS_TOKEN' : 'TICKETS_REPOSITORY'} is missing: tickets need both`,
  ],
  connect: connectTickets,
  examined: { name: system, examine },
});
