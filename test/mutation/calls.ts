// The activity calls of a runbook, and its source with a switch at each of them.
import { stripTypeScriptTypes } from 'node:module';
import type { AnyNode } from 'acorn';
import { below, parsed } from './tree.ts';

export interface Call {
  /** From 1, among all calls of its runbook. */
  id: number;
  file: string;
  line: number;
  /** A computed detail stands there as it is written, `${…}`. */
  title: string;
}

const unknown = "Promise.resolve({ verdict: 'unknown', evidence: 'not checked' })";
/** Left in the place of a call that is taken out, by its word: the step is never done, the finding is that nothing is known. */
const instead: Readonly<Record<string, string>> = { step: 'Promise.resolve()', check: unknown, watch: unknown };

interface Switched {
  /** The source with every call in it, each there unless `URL.takesOut` says so of its number. */
  text: string;
  calls: Call[];
}

/** `step('Title', …).subject.activity(…)`, in the order of the file. */
export function switched(file: string, source: string, firstId = 1): Switched {
  const found = placesIn(parsed(stripTypeScriptTypes(source))).toSorted((one, other) => one.start - other.start);
  const calls = found.map(({ title }, index) => {
    const line = source.slice(0, title.start).split('\n').length;
    return { id: firstId + index, file, line, title: source.slice(title.start + 1, title.end - 1) };
  });
  const text = found.reduceRight((text, { start, end, instead }, index) => {
    const call = text.slice(start, end);
    return `${text.slice(0, start)}(URL.takesOut(${firstId + index}) ? ${instead} : ${call})${text.slice(end)}`;
  }, source);
  return { text, calls };
}

const placesIn = (node: AnyNode): ReturnType<typeof placeAt> => [...placeAt(node), ...below(node).flatMap(placesIn)];

function placeAt(node: AnyNode) {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const { object: subject } = node.callee;
  if (subject.type !== 'MemberExpression' || subject.object.type !== 'CallExpression') return [];
  const { callee, arguments: given } = subject.object;
  const [title] = given;
  const other = callee.type === 'Identifier' ? instead[callee.name] : undefined;
  return other && title ? [{ start: node.start, end: node.end, instead: other, title }] : [];
}
