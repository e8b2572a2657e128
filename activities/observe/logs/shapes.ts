/** Log lines as kinds: numbers and ids folded, secrets and addresses of people masked. Nothing else of a line leaves here. Pure. */

import { jsonOf } from '../../connectors/http.ts';

/** Lines that say the same but for numbers and ids. */
export interface Shape {
  text: string;
  count: number;
  /** Finds such lines in Loki; nothing where only its words do. */
  pattern?: string | undefined;
  /** Of a structured line, the field that has the sentence. */
  field?: string | undefined;
}

/** A line is read so far, characters; a shape is told so far. */
export const longestLine = 2_000;
const longestShape = 120;

/** Most frequent first. */
export function shapesOf(lines: string[]): Shape[] {
  const byShape = Map.groupBy(lines.map(shapeOf), shape => shape);
  return [...byShape].map(([text, all]) => ({ text, count: all.length })).toSorted((a, b) => b.count - a.count);
}

export function shapeOf(line: string): string {
  const folded = foldings.reduce((text, [what, by]) => text.replace(what, by), masked(sentenceIn(line).text));
  const text = folded.replace(/\s+/g, ' ').trim();
  return text.length > longestShape ? `${text.slice(0, longestShape - 1)}…` : text || '(empty)';
}

/** Where a logger puts the sentence; of several the first. */
export const fields = ['message', 'msg', 'event', 'error', 'log'];

/** The sentence of a structured line, with the field that has it; else the line. */
export function sentenceIn(whole: string): { field?: string; text: string } {
  const line = whole.slice(0, longestLine);
  const body = jsonOf(line);
  if (typeof body !== 'object' || body === null) return { text: line };
  const values = new Map(Object.entries(body));
  const found = fields.flatMap(field => {
    const text: unknown = values.get(field);
    return typeof text === 'string' && text !== '' ? [{ field, text }] : [];
  });
  return found[0] ?? { text: line };
}

/** Each is read in one pass: what may be long begins only where a word does, so that no part of a word is read again from each of its places. */
const masks: [RegExp, string][] = [
  [/-----BEGIN [^-]+-----.*/gs, '<secret>'],
  [/(?<![\w-])(?=[\w-]*\beyJ)[\w-]+(\.[\w-]*){0,2}/g, '<secret>'],
  [/\b(Bearer|Basic)\s+[^\s"',]+/gi, '$1 <secret>'],
  [/:\/\/[^\s/@"']+@/g, '://<secret>@'],
  [/\b(dnx|sk|pk|rk|ghp|gho|xox[a-z])[_-][\w-]{8,}|\bA[KS]IA[A-Z0-9]{12,}/g, '<secret>'],
  [
    /((?<![\w-])(?=[\w-]*(?:api[_-]?key|token|secret|passw(?:or)?d|pwd|credential|authorization|cookie|session[_-]?id))[\w-]+["']?\s{0,9}[:=]\s{0,9}["']?)(?!<secret>|Bearer|Basic)[^\s"',;&}]+/gi,
    '$1<secret>',
  ],
  [/(?<![\w.+%-])[\w.+%-]+@[\w-]+(\.[\w-]+)+/g, '<mail>'],
];

/** Without what no one should read. */
export const masked = (text: string): string => masks.reduce((line, [what, by]) => line.replace(what, by), text);

const foldings: [RegExp, string][] = [
  [/\p{Cc}\[[0-9;]*m/gu, ''],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '<address>'],
  [/\b(?=\w*\d)(?=\w*[a-z])[\w-]{12,}\b/gi, '<id>'],
  [/\b(Qm|baf)[A-Za-z0-9]{20,}\b/g, '<id>'],
  [/\b[0-9a-f]{8,}\b/gi, '<id>'],
  [/\b0x[0-9a-f]+\b/gi, '<n>'],
  [/\d+(\.\d+)?/g, '<n>'],
];
