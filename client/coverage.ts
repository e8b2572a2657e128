/** Each line of the written document, and its place in what runs: read from docs/written. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Cover, coverOf, missedOf } from './covered.ts';

const read = (file: string) => readFileSync(new URL(`../docs/written/${file}`, import.meta.url), 'utf8');

/** Steps of a runbook, parts of an incident, and data; `a person's`: the report asks it, and nothing does it. */
const kind = z.enum([
  'step',
  'check',
  'watch',
  'task',
  'ask',
  'cause',
  'phase',
  'heading',
  'alert rule',
  'catalog',
  'schedule',
  'platform',
  'report',
  'kit',
  "a person's",
  'unmapped',
]);
export type Kind = z.infer<typeof kind>;

/** A line of the document. */
export interface WrittenLine {
  id: string;
  /** A slug, or a part of the document that holds for all incidents. */
  runbook: string;
  text: string;
  /** A step, a command, the note above one, a symptom … */
  written: string;
  /** Specified, as `subject.name`; `kit:` and `data:` are no activities. */
  activity: string;
  /** Specified: who decides or does it. */
  person: string;
  kind: Kind;
  /** Titles, or names of rules or fields; none where it does not exist yet. */
  places: string[];
  /** In which of these it is otherwise than specified: `words`, `activity`, `who`. */
  differs: string[];
  /** The page that says how it runs, where that is otherwise than written; none where it is not. */
  note: string;
  ran: LineRun;
  /** If a rehearsal misses its call; undefined where it is no call of an activity. */
  covered: Cover | undefined;
  /** Why it does not run in a tour, and is not expected to. */
  exception: string | undefined;
}

/** How a line came about when each runbook ran once on real servers: `npm run tour` writes it to coverage.json. */
export const lineRuns = ['ran for real', 'ran against a stand-in', "a person's by the document", 'data', 'not yet'] as const;
export type LineRun = (typeof lineRuns)[number];

type Placed = Pick<WrittenLine, 'kind' | 'places' | 'differs' | 'note'>;

/** In the order of the document. */
export function writtenLines(): WrittenLine[] {
  const textOf = new Map(rowsOf(read('steps.tsv')).map(([id = '', , written = '', , , , text = '']) => [id, { written, text }]));
  const placeOf = new Map(rowsOf(read('coverage.tsv')).map(([id = '', ...place]) => [id, placed(place)]));
  const runs = lineRunsOf();
  const [exceptions, missed] = [exceptionsOf(), missedOf()];
  return rowsOf(read('step-map.tsv')).map(row => {
    const [id = '', runbook = '', , , activity = '', , person = ''] = row;
    const place = placeOf.get(id) ?? nowhere;
    return {
      id,
      runbook,
      activity,
      person,
      ...noWords,
      ...textOf.get(id),
      ...place,
      ran: runs.get(id) ?? 'not yet',
      covered: coverOf({ runbook, ...place }, missed),
      exception: exceptions.get(id),
    };
  });
}

/** By id. */
export const lineRunsOf = (): Map<string, LineRun> =>
  new Map(Object.entries(z.record(z.string(), z.enum(lineRuns)).parse(JSON.parse(read('coverage.json')))));

/** Ids of the lines that do not run in a tour, each with why. */
export const exceptionsOf = (): Map<string, string> =>
  new Map(rowsOf(read('does-not-run.tsv')).map(([id = '', reason = '']) => [id, reason]));

const noWords = { written: '', text: '' };
const nowhere: Placed = { kind: 'unmapped', places: [], differs: [], note: '' };

function placed([is = '', where = '', differs = '', note = '']: string[]): Placed {
  return { kind: kind.parse(is), places: listed(where, ' | '), differs: listed(differs, ', '), note };
}

const listed = (text: string, between: string) => (text === '' ? [] : text.split(between));

/** Without the head. */
export const rowsOf = (tsv: string): string[][] =>
  tsv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(row => row.split('\t'));

export const isMapped = ({ kind }: WrittenLine) => kind !== 'unmapped';
