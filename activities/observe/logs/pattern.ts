/** Lines of one kind as a regular expression that Loki (RE2) and JavaScript read alike. Pure. */

import { fields, shapeOf } from './shapes.ts';

/** What stands between words, also as JSON escapes it. */
const between = String.raw`(?:\W|\\[nrt])+`;
const [some, number] = [String.raw`[^\s"]+`, String.raw`[^\s"]*\d[^\s"]*`];
const placeholders: Readonly<Record<string, string>> = {
  '<n>': number,
  '<address>': number,
  '<time>': `${number}(?: ${number})?`,
};
const [begins, ends] = [`(?:^|"(?:${fields.join('|')})"\\s*:\\s*")\\s*`, String.raw`\s*(?:"|$)`];

/** Nothing where it does not match the line that it was made from, or would match lines of any kind. */
export function patternOf(line: string): string | undefined {
  const shape = shapeOf(line);
  if (!/[A-Za-z_]{3,}/.test(shape.replace(/<\w+>/g, ' '))) return undefined;
  const isCut = shape.endsWith('…');
  const parts = (isCut ? shape.slice(0, -1) : shape).split(/(<\w+>)/);
  const body = parts.map(part => placeholders[part] ?? (/^<\w+>$/.test(part) ? some : part.replace(/\W+/g, () => between)));
  const pattern = `${begins}${body.join('')}${isCut ? '' : ends}`;
  return new RegExp(pattern, 'i').test(line) ? pattern : undefined;
}

/** The words of a kind in their order, for a line that nothing stricter matches; nothing where it has none. */
export function wordsOf(shape: string): string | undefined {
  const words = shape.replace(/<\w+>/g, ' ').match(/[A-Za-z_]{3,}/g) ?? [];
  return words.length > 0 ? words.slice(0, 10).join('.+') : undefined;
}
