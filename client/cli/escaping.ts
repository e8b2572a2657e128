/** Markdown of ours around words of theirs. Whatever someone else wrote is escaped: it is text, never Markdown or HTML. */

import type { FollowUp } from '../../workflows/contract/index.ts';
import { plain } from './text.ts';

const active = /[\\`*_[\]<>#|!~&]/g;
export const safe = (text: string | number) => plain(text).replace(active, String.raw`\$&`);

/** A line of ours with values of theirs. */
export const md = (ours: TemplateStringsArray, ...theirs: (string | number)[]) => String.raw({ raw: ours }, ...theirs.map(safe));

/** An address without an active character is a link. */
const linked = (href: string) => (/^https?:\/\/[\w./:~-]+$/.test(href) ? `<${href}>` : safe(href));

/** With its ticket, where it has one. */
export function followUpLine({ title, owner, confirm, over, ticket }: FollowUp): string {
  const line = md`${title} (${owner}): ${confirm}`;
  return `- [${over ? 'x' : ' '}] ${line}${ticket ? ` Ticket: ${linked(ticket.href)}${md` (${ticket.text})`}` : ''}`;
}

/** Nothing, where there is nothing to say. */
export const section = (title: string, lines: string[]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : []);

export const rows = (head: string[], body: string[][]) =>
  body.length === 0 ? [] : [row(head), row(head.map(() => '---')), ...body.map(cells => row(cells.map(safe)))];
const row = (cells: string[]) => `| ${cells.join(' | ')} |`;

/** Four spaces make code of whatever stands behind them. */
export const code = (text: string) => text.split('\n').map(one => `    ${plain(one)}`);
