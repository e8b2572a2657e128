/** Lines for a terminal. Whatever an alert or a system said goes through `line`, so that it can only ever be text. */

import { styleText } from 'node:util';

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Without control characters, on one line. */
export const plain = (value: string | number) => String(value).replace(/\s+/g, ' ').replace(unprintable, '');

/** A line of ours with values of theirs. */
export const line = (ours: TemplateStringsArray, ...theirs: (string | number)[]) =>
  String.raw({ raw: ours }, ...theirs.map(plain));

/** Coloured only on a terminal, and never where NO_COLOR is set. */
export const bold = (text: string) => styleText('bold', text, { stream: process.stdout });
export const dim = (text: string) => styleText('dim', text, { stream: process.stdout });
export const red = (text: string) => styleText('red', text, { stream: process.stdout });

/** At most so many characters. */
export const cut = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text;

/** Columns as wide as their widest cell, without borders. */
export function table(head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(row => row.map(plain));
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map(row => row[at]?.length ?? 0)));
  const joined = (row: string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [dim(joined(head)), ...cells.map(joined)];
}

/** Milliseconds as people say them: `12 min`, `3 h 40 min`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

/** RFC 3339 as `02:16:20 UTC`; with its date unless that is the day of `now`, in milliseconds since 1970. */
export function clock(time: string, now: number): string {
  const [date = '', rest = ''] = new Date(time).toISOString().split('T');
  const isToday = new Date(now).toISOString().startsWith(date);
  return `${isToday ? '' : `${date} `}${rest.slice(0, 8)} UTC`;
}

/** As one word of a POSIX shell. */
export const quoted = (text: string) => (/^[\w./:@-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", String.raw`'\''`)}'`);
