/** One written runbook in one line, counted by those who were written to and told; and the line that the repository expects of it. */

import { readFileSync } from 'node:fs';
import { isMapped, type WrittenLine, writtenLines } from '../../client/coverage.ts';
import { isAction } from '../../workflows/catalog/activities.ts';
import type { Report } from '../../workflows/contract/index.ts';

export interface Line {
  runbook: string;
  /** How often each `resource/name` was written, by the audit log of the API server. */
  writes: Counts;
  /** How many messages to people the stand-in of each system kept; Stripe's says what money did. */
  messages: Counts;
  questions: number;
  /** Each with who has it, or the system that is not connected. */
  left: string[];
  outcome: string;
}

export type Counts = Readonly<Record<string, number>>;

export const countsOf = (names: string[]): Counts =>
  Object.fromEntries([...Map.groupBy(names.toSorted(), name => name)].map(([name, those]) => [name, those.length]));

/** Work that the incident does not wait for, and what it would have done if more systems were connected. */
export const leftIn = ({ followUps, byHand, undelivered }: Report): string[] => [
  ...new Set([
    ...followUps.map(({ title, owner }) => `${title} (${owner})`),
    ...byHand.map(({ step, system }) => `${step} (${system} is not connected)`),
    ...undelivered.map(({ system }) => `messages (${system} does not take them)`),
  ]),
];

export function printed({ runbook, writes, messages, questions, left, outcome }: Line): string {
  const writing = sum(writes) === 0 ? '0 writes' : `${sum(writes)} writes (${shownCounts(writes)})`;
  const telling = `${sum(messages)} messages (${shownCounts(messages)})`;
  return `${runbook}: ${writing}; ${telling}; ${questions} questions; left to people: ${left.join(', ') || 'nothing'}; ${outcome}`;
}

const sum = (counts: Counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const shownCounts = (counts: Counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** A row of the table. */
export interface Expected {
  runbook: string;
  /** Numbers of the written causes whose branches it takes. */
  causes: string[];
  writes: Record<string, Range>;
  /** At least, unless there is a bound; other systems are told nothing. */
  messages: Record<string, Range>;
  questions: Range;
  left: string[];
  /** May be left too, where a second round was needed. */
  mayBeLeft: string[];
  /** Lines of the step map on its way that write nothing here, each with why. */
  without: { id: string; because: string }[];
  outcome: string;
}

interface Range {
  least: number;
  most: number;
}

/** The rows of the table in the repository. */
export const tourTable = (): Expected[] =>
  expectedIn(readFileSync(new URL('../verify/tour/expected.tsv', import.meta.url), 'utf8'));

/** Of a file with tabs and a head. @throws Error where a field is none */
export function expectedIn(tsv: string): Expected[] {
  const [, ...rows] = tsv.trimEnd().split('\n');
  return rows.map(row => {
    const [runbook = '', causes = '', writes = '', messages = '', questions = '', left = '', without = '', outcome = ''] =
      row.split('\t');
    return {
      runbook,
      causes: listed(causes, ', '),
      writes: Object.fromEntries(listed(writes, ', ').map(counted)),
      messages: Object.fromEntries(listed(messages, ', ').map(atLeast)),
      questions: rangeOf(questions),
      left: listed(left, ' | ').filter(one => !one.startsWith(perhaps)),
      mayBeLeft: listed(left, ' | ').flatMap(one => (one.startsWith(perhaps) ? [one.slice(perhaps.length)] : [])),
      without: listed(without, ' | ').map(reasonOf),
      outcome,
    };
  });
}

const perhaps = 'perhaps: ';

const listed = (text: string, between: string) => (text === '' ? [] : text.split(between));

/** `2` or more, unless there is a bound: `0-2`. */
function atLeast(text: string): [string, Range] {
  const [name, { least, most }] = counted(text);
  return [name, { least, most: text.endsWith(`-${most}`) ? most : Number.POSITIVE_INFINITY }];
}

function counted(text: string): [string, Range] {
  const at = text.lastIndexOf(' ');
  return [text.slice(0, at), rangeOf(text.slice(at + 1))];
}

/** `2`, or `1-2` where a second round of the same may be needed. */
function rangeOf(text: string): Range {
  const [, least, most = least] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (least === undefined) throw new Error(`“${text}” is no count`);
  return { least: Number(least), most: Number(most) };
}

function reasonOf(text: string) {
  const [, id = '', because = ''] = /^(\S+): (.+)$/.exec(text) ?? [];
  if (id === '') throw new Error(`“${text}” names no line and why`);
  return { id, because };
}

/** What differs, a sentence each; none where it is as expected. */
export function deviations(expected: Expected, line: Line): string[] {
  const { writes, messages, questions, left, mayBeLeft, outcome } = expected;
  const least = leastWrites(expected);
  return [
    ...outside('writes of', writes, line.writes),
    ...outside('messages of', messages, line.messages),
    ...outside('', { questions }, { questions: line.questions }),
    ...missing('not left to people', left, line.left),
    ...missing('left to people', line.left, [...left, ...mayBeLeft]),
    ...(line.outcome === outcome ? [] : [`it ended “${line.outcome}”, not “${outcome}”`]),
    ...(sum(line.writes) >= least ? [] : [`${sum(line.writes)} writes: the step map has ${least} steps that write on its way`]),
  ];
}

const missing = (what: string, wanted: string[], found: string[]) =>
  wanted.filter(one => !found.includes(one)).map(one => `${what}: ${one}`);

function outside(what: string, wanted: Record<string, Range>, found: Counts): string[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  return names.flatMap(name => {
    const { least, most } = wanted[name] ?? { least: 0, most: 0 };
    const count = found[name] ?? 0;
    const words = [what, name].filter(Boolean).join(' ');
    return count >= least && count <= most ? [] : [`${count} ${words}, expected ${least}${endOf(least, most)}`];
  });
}

function endOf(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return ' or more';
  return most === least ? '' : ` to ${most}`;
}

/** Of other actions the vendors know. */
const inCluster = /^(kubernetes|gateway)\.|\.(setFallback|setShare|setCharging|setPinning)$/;
const nameOf = (activity: string) => activity.slice(activity.indexOf('.') + 1);

/** Lines on the way of a row whose step changes the cluster. */
export function writingLines({ runbook, causes }: Pick<Expected, 'runbook' | 'causes'>): WrittenLine[] {
  function isOnItsWay(id: string): boolean {
    const [, cause] = /\/resolution\/cause-(\d+)\//.exec(id) ?? [];
    return cause === undefined || causes.includes(cause);
  }
  return writtenLines().filter(
    line =>
      line.runbook === runbook &&
      isMapped(line) &&
      line.kind === 'step' &&
      isOnItsWay(line.id) &&
      inCluster.test(line.activity) &&
      isAction(nameOf(line.activity)),
  );
}

/** By the step map: each of them writes once at least, but those that the table names with why. */
export const leastWrites = (expected: Expected): number =>
  writingLines(expected).filter(({ id }) => !expected.without.some(one => id.endsWith(`/${one.id}`))).length;
