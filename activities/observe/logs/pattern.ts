/**
 * Lines of one kind as a regular expression that Loki (RE2) and JavaScript read alike. Pure.
 *
 * JavaScript tries every way to match. So there is only one: no part shares a character with the one after it.
 */

import { longestLine, sentenceIn, shapeOf } from './shapes.ts';

/** How a sentence is written down in its line. */
interface Form {
  opens: string;
  closes: string;
  /** Between two words. */
  gap: string;
  /** Of a word. */
  character: string;
  literal: (text: string) => string;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The sentence is the line. */
const plain: Form = {
  opens: String.raw`^\s*`,
  closes: String.raw`\s*$`,
  gap: String.raw`\s+`,
  character: String.raw`\S`,
  literal: escaped,
};

/** The sentence is a string of JSON: a quote ends it, and line breaks are escaped. */
function inField(field: string, text: string): Form {
  const space = /[\n\r\t]/.test(text) ? String.raw`(?:\s|\\[nrt])` : String.raw`\s`;
  return {
    opens: `"${field}"\\s*:\\s*"${space}*`,
    closes: `${space}*"`,
    gap: `${space}+`,
    character: String.raw`(?:[^\s"\\]|\\[^\snrt])`,
    literal: part => escaped(part.replace(/["\\]/g, String.raw`\$&`)),
  };
}

/** Numbers with what may also stand in them: a class takes all of it, so that the next part begins with something else. */
const numbers: [what: RegExp, by: string][] = [
  [/^<time>/, String.raw`\d{4}-\d\d-\d\d[T ]\d[\d:.,+-]*Z?`],
  [/<address>/, String.raw`\d[\d.:]*`],
  [/<n>/, String.raw`\d[\d.]*`],
];
const number = /(<time>(?:<n>|<address>|[:.,+-])*|(?:<n>(?:<n>|[.:])*)?<address>(?:<n>|<address>|[.:])*|<n>(?:<n>|\.)*)/;
const any = /<(?:id|secret|mail)>/;
const placeholder = /<(?:id|secret|mail|n|address|time)>/;

/** Nothing where it does not match the line that it was made from, or would match lines of any kind. */
export function patternOf(line: string): string | undefined {
  const shape = shapeOf(line);
  if (!/[A-Za-z_]{3,}/.test(shape.replace(/<\w+>/g, ' '))) return undefined;
  const { field, text } = sentenceIn(line);
  const form = field === undefined ? plain : inField(field, text);
  const isCut = shape.endsWith('…');
  const words = isCut ? shape.slice(0, -1).replace(/<\w*$/, '').trimEnd() : shape;
  const body = words.split(' ').map(word => wordIn(word, form));
  const pattern = `${form.opens}${body.join(form.gap)}${isCut ? '' : form.closes}`;
  return new RegExp(pattern, 'i').test(line.slice(0, longestLine)) ? pattern : undefined;
}

/** With a placeholder for any characters, its beginning and its end are told. */
function wordIn(word: string, { character, literal }: Form): string {
  const parts = word.split(any.test(word) ? placeholder : number);
  if (any.test(word)) return `${literal(parts[0] ?? '')}${character}+${literal(parts.at(-1) ?? '')}`;
  return parts.map(part => numbers.find(([what]) => what.test(part))?.[1] ?? literal(part)).join('');
}

/** The words of a kind in their order, for a line that nothing stricter matches; nothing where it has none. */
export function wordsOf(shape: string): string | undefined {
  const words = shape.replace(/<\w+>/g, ' ').match(/[A-Za-z_]{3,}/g) ?? [];
  return words.length > 0 ? words.slice(0, 10).join('.+') : undefined;
}
