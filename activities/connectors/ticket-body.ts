/** The body of a ticket: our part between two marks that no one sees, and behind it whatever people add. Pure. */

const begin = (mark: string, isClosed: boolean) => `<!-- nqba-runbooks ${mark}${isClosed ? ' closed' : ''} -->`;
const end = '<!-- /nqba-runbooks -->';

export const bodyOf = (mark: string, text: string, isClosed = false) => [begin(mark, isClosed), text, end].join('\n');

/** Nothing where the body does not begin with our mark: a quotation of it elsewhere is not ours. `text`: absent where people have removed its end. */
export function ours(mark: string, body: string | null | undefined): { isClosed: boolean; text?: string } | undefined {
  const whole = (body ?? '').replaceAll('\r\n', '\n');
  const found = [false, true].find(isClosed => whole.startsWith(begin(mark, isClosed)));
  if (found === undefined) return undefined;
  const start = begin(mark, found).length + 1;
  const stop = whole.indexOf(`\n${end}`);
  return stop < start ? { isClosed: found } : { isClosed: found, text: whole.slice(start, stop) };
}

/** With another text of ours. Where people have removed the end of ours, only the mark changes. */
export function rewritten(mark: string, body: string, text: string, isClosed = false): string {
  const whole = body.replaceAll('\r\n', '\n');
  const stop = whole.indexOf(`\n${end}`);
  if (stop >= 0) return bodyOf(mark, text, isClosed) + whole.slice(stop + 1 + end.length);
  const line = whole.indexOf('\n');
  return begin(mark, isClosed) + (line < 0 ? '' : whole.slice(line));
}
