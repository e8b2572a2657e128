// What really happened, from the API server's audit log and the stand-ins' records, against lists that people wrote.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writes } from '../kubernetes/audit.ts';

const write = z.strictObject({ user: z.string(), verb: z.string(), resource: z.string(), name: z.string() });
const message = z.strictObject({ system: z.string(), to: z.string(), says: z.string() });
const expected = z.strictObject({ writes: z.array(write), messages: z.array(message) });
export type Expected = z.infer<typeof expected>;
type ActualWrite = z.infer<typeof write>;

const sent = z.looseObject({ time: z.string(), system: z.string(), to: z.string(), key: z.string(), text: z.string() });
export type Sent = z.infer<typeof sent>;

/** A list that names no messages leaves them open. */
export const expectedOf = (file: string): Pick<Expected, 'writes'> & Partial<Expected> =>
  expected.partial({ messages: true }).parse(JSON.parse(readFileSync(file, 'utf8')));

export const expectedOfTheGuide = (): Expected =>
  expected.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'expected.json'), 'utf8')));

/** What differs, a line each; none when exactly the expected happened, in its order. */
export function differences(wanted: Expected, actual: { writes: ActualWrite[]; messages: Sent[] }): string[] {
  const messages = actual.messages.filter(message => !isProgress(message));
  return [
    ...writeDifferences(wanted.writes, actual.writes),
    ...kinds(wanted, messages).flatMap(kind =>
      compare(
        'message',
        wanted.messages.filter(({ system, says }) => kindOf(system, says) === kind),
        messages.filter(({ system, text }) => kindOf(system, text) === kind),
        (one, other) => one.to === other.to && other.text.includes(one.says),
      ),
    ),
  ];
}

export const writeDifferences = (wanted: ActualWrite[], actual: ActualWrite[]): string[] =>
  compare('write', wanted, actual, (one, other) => JSON.stringify(one) === JSON.stringify(other));

/** The incident's own message follows its state: how often depends on who is faster. */
const isProgress = ({ system, text }: Sent) => system === 'slack' && text.includes('\nState: ');

/** Messages to different systems have no order among each other, and neither have questions, pages to the next level, and news. */
const kinds = (wanted: Expected, messages: Sent[]): string[] => [
  ...new Set([
    ...wanted.messages.map(({ system, says }) => kindOf(system, says)),
    ...messages.map(({ system, text }) => kindOf(system, text)),
  ]),
];

function kindOf(system: string, text: string): string {
  if (/\bAsked: /.test(text)) return `question in ${system}`;
  return `${text.includes('no one was reached') ? 'page to the next level' : 'news'} in ${system}`;
}

function compare<W, A>(what: string, wanted: W[], actual: A[], fits: (wanted: W, actual: A) => boolean): string[] {
  const lines = Array.from({ length: Math.max(wanted.length, actual.length) }, (_, index) => {
    const [one, other] = [wanted[index], actual[index]];
    if (one === undefined) return `unexpected ${what}: ${JSON.stringify(other)}`;
    if (other === undefined) return `missing ${what}: ${JSON.stringify(one)}`;
    return fits(one, other) ? [] : `expected ${what} ${JSON.stringify(one)}, found ${JSON.stringify(other)}`;
  });
  return lines.flat();
}

/** Writes since a time, as they are compared: those of our worker and of bob, unless others count too. */
export async function writesSince(auditLog: string, since: Date, users: readonly string[] = ['nqba-runbooks', 'bob']) {
  const all = await writes(auditLog, users);
  return all
    .filter(({ time }) => Date.parse(time) >= since.getTime())
    .map(({ user, verb, resource, name }) => ({ user, verb, resource, name }));
}

export function messagesSince(file: string, since: Date): Sent[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '');
  return lines.map(line => sent.parse(JSON.parse(line))).filter(({ time }) => Date.parse(time) >= since.getTime());
}
