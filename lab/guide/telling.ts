// How the guide speaks: short lines, one heading a scene, tables without borders.
import { styleText } from 'node:util';
import { readableChange } from '../../workflows/contract/index.ts';

export type Say = (line: string) => void;

export const heading = (say: Say, number: number, title: string) => say(`\n${styleText('bold', `${number}. ${title}`)}`);

/** What came from outside is shown, never obeyed: no control characters reach the terminal. */
const plain = (text: string) => text.replaceAll(/\p{Cc}/gu, ' ');

const marks: Record<string, string> = {
  done: '✔',
  healthy: '✔',
  part: '◐',
  faulty: '✖',
  unknown: '?',
  waiting: '…',
  'not delivered': '✖',
  'would have': '○',
};

export const stepLine = ({
  title,
  state,
  because,
  evidence,
}: {
  title: string;
  state: string;
  because: string;
  evidence: string;
}) => `  ${marks[state] ?? '·'} ${plain(title).padEnd(38)} ${[state, said(because, evidence)].filter(Boolean).join(': ')}`;

const said = (because: string, evidence: string) => [...new Set([because, evidence])].filter(Boolean).map(plain).join(' ');

export function table(say: Say, rows: string[][]) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  for (const row of rows) say(`  ${row.map((cell, column) => plain(cell).padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

export const changeRows = (changes: { target: string; field: string; before: string | null; after: string | null }[]) =>
  changes.map(readableChange).map(({ target, field, before, after }) => [target, field, short(before), '→', short(after)]);

/** The end of a long value tells more than its beginning. */
const short = (value: string | null) => (value === null ? 'absent' : value.length > 48 ? `…${value.slice(-47)}` : value);

/** Minutes and seconds between two times, RFC 3339. */
export function elapsed(from: string, to: string | undefined): string {
  if (to === undefined) return 'never';
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
