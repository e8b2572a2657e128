/** The text of a ticket, in Markdown. What someone else wrote stands in code, where no name is mentioned and nothing is linked. */

import type { About, FollowUp } from '../../workflows/contract/index.ts';
import { secretIn } from '../../workflows/contract/secrets.ts';
import { masked } from '../observe/logs/shapes.ts';
import type { Link } from './incident.ts';
import { plain } from './plain.ts';

/** GitHub takes 256 characters of title. */
export const ticketTitle = ({ title }: Pick<FollowUp, 'title'>) => withoutSecrets(title, 250);

export function ticketText(
  { owner, confirm, over }: FollowUp,
  { runbook, severity, incident, summary }: About,
  link?: Link,
): string {
  return [
    `${over ? 'Over, as measured by' : 'Found by'} ${quote(runbook)} (${severity}), for ${quote(owner)}:`,
    block(withoutSecrets(confirm, 600)),
    ...(summary ? ['It was opened because:', block(withoutSecrets(summary, 600))] : []),
    `The record: ${quote(`runbooks show ${incident}`)}${link ? `, [${link.text}](${link.href})` : ''}`,
    'Text above this line is rewritten when it changes; text below it stays. Close this ticket when the work is done: it is not reopened.',
  ].join('\n\n');
}

/** Masked; where something still looks like a secret, nothing of it. */
function withoutSecrets(text: string, most: number): string {
  const line = plain(masked(text), most);
  return secretIn(line) === undefined ? line : '(not shown here: it looks like a secret)';
}

/** Fenced by more backticks than the text has in a row. */
function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, text, fence].join('\n');
}

const quote = (text: string) => `\`${plain(text, 200).replaceAll('`', "'")}\``;
