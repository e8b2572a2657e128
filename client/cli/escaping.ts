/** Markdown of ours around words of theirs. Whatever someone else wrote is escaped: it is text, never Markdown or HTML. */

import { plain } from './text.ts';

const active = /[\\`*_[\]<>#|!~&]/g;
export const safe = (text: string | number) => plain(text).replace(active, String.raw`\$&`);

/** A line of ours with values of theirs. */
export const md = (ours: TemplateStringsArray, ...theirs: (string | number)[]) => String.raw({ raw: ours }, ...theirs.map(safe));

/** Nothing, where there is nothing to say. */
export const section = (title: string, lines: string[]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : []);

export const rows = (head: string[], body: string[][]) =>
  body.length === 0 ? [] : [row(head), row(head.map(() => '---')), ...body.map(cells => row(cells.map(safe)))];
const row = (cells: string[]) => `| ${cells.join(' | ')} |`;

/** Four spaces make code of whatever stands behind them. */
export const code = (text: string) => text.split('\n').map(one => `    ${plain(one)}`);
