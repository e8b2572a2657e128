/** docs/written/coverage.tsv is true: each line of the written document has its place, and differs only where a page says why. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { outputs } from '../client/cli/outputs.ts';
import { missedOf, notCovered } from '../client/covered.ts';
import { exceptionsOf, isMapped, type Kind, lineRunsOf, rowsOf, type WrittenLine, writtenLines } from '../client/coverage.ts';
import { checklist } from '../workflows/catalog/checklist.ts';
import { runbooks } from '../workflows/catalog/index.ts';
import { schedules } from '../workflows/catalog/schedules.ts';
import { urgencies } from '../workflows/catalog/severities.ts';
import { runbooks as commandLine } from './client/command-line.ts';
import { switched } from './mutation/calls.ts';
import { lineRunOf } from './support/line-runs.ts';
import { isOfSteps } from './support/mapped-steps.ts';
import { sourceOf, type WrittenCall, writtenCalls } from './support/written-calls.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const lines = writtenLines();
const mapped = lines.filter(isMapped);
const callsOf = new Map(runbooks.map(({ slug }) => [slug, writtenCalls(sourceOf(slug))]));

/** The calls that a line names, in the order of its places. */
const named = ({ runbook, places }: WrittenLine): (WrittenCall | undefined)[] =>
  places.map(place => callsOf.get(runbook)?.find(({ title }) => title === place));

test('every line of the step map stands there once, in its order, with its words', () => {
  const ids = (file: string) => rowsOf(read(`docs/written/${file}`)).map(([id]) => id);
  assert.equal(new Set(ids('step-map.tsv')).size, 357);
  assert.deepEqual(ids('coverage.tsv'), ids('step-map.tsv'));
  assert.deepEqual(new Set(ids('steps.tsv')), new Set(ids('step-map.tsv')));
  for (const { id, kind, places } of lines) assert.equal(places.length === 0, kind === 'unmapped', id);
});

test('whatever runs is mapped, or a page says why it is not; what does not run is not mapped', () => {
  for (const { slug, workflow } of runbooks) {
    const ofRunbook = lines.filter(({ runbook }) => runbook === slug);
    assert.ok(ofRunbook.length > 0, slug);
    for (const line of ofRunbook)
      assert.equal(isMapped(line) || (workflow !== undefined && line.note !== ''), workflow !== undefined, line.id);
  }
});

/** Walks an object by names with dots between. */
const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (at instanceof Object ? Object.entries(at).find(([key]) => key === name)?.[1] : undefined),
      value,
    );

const bySlug = Object.fromEntries(runbooks.map(runbook => [runbook.slug, runbook]));
const rules = [...read('deploy/prometheus/rules/nqba-runbooks.yaml').matchAll(/^ +- alert: (\w+)\n[^]*?runbook: ([\w-]+)/gm)];
const isOfChecklist = (place: string) =>
  Object.values(checklist)
    .flat()
    .some(line => line === place);

/** Whether a place that is no step exists. */
const exists: Partial<Record<Kind, (place: string, line: WrittenLine) => boolean>> = {
  cause: (place, { runbook }) => new RegExp(`(async )?'${place}'(\\(\\)|:)`).test(sourceOf(runbook)),
  heading: (place, { runbook }) =>
    callsOf.get(runbook)?.some(({ title }) => title === place || title.startsWith(`${place}: `)) ?? false,
  'alert rule': (place, { runbook }) => rules.some(([, alert, opens]) => alert === place && opens === runbook),
  catalog: place => valueAt({ urgencies, runbooks: bySlug }, place) !== undefined,
  schedule: (place, { runbook }) => place === runbook && schedules[place] !== undefined,
  platform: place => valueAt(JSON.parse(read('platform.json')), place) !== undefined,
  report: (place, { text }) => place === text && isOfChecklist(place),
  "a person's": (place, { text }) => place === text && isOfChecklist(place),
  kit: place => existsSync(join(root, place)),
};

test('every place exists, and is what it is called', () => {
  for (const line of mapped) {
    const { id, kind, places } = line;
    if (isOfSteps(line)) assert.equal(named(line)[0]?.kind, kind, `${id}: ${places[0]}`);
    for (const [index, place] of places.entries())
      assert.ok(isOfSteps(line) ? named(line)[index] : exists[kind]?.(place, line), `${id}: there is no ${kind} ${place}`);
  }
});

test('what ran is a step of ours, and everything else is what the tour calls it', () => {
  assert.deepEqual(
    [...lineRunsOf().keys()],
    lines.map(({ id }) => id),
  );
  for (const line of lines) {
    const all = new Map(line.places.map(place => [place, 'real' as const]));
    const could = lineRunOf(line, new Map([[line.runbook, all]]));
    if (line.ran.startsWith('ran')) assert.equal(could, 'ran for real', line.id);
    else assert.equal(line.ran, lineRunOf(line, new Map()), line.id);
  }
});

test('the README has the numbers of the last tour', () => {
  const count = (way: string) => lines.filter(({ ran }) => ran === way).length;
  const ran = `${count('ran for real')} lines ran for real and ${count('ran against a stand-in')} against a stand-in`;
  const others = `${count("a person's by the document")} are a person's by the document, ${count('data')} are data`;
  assert.ok(
    read('README.md')
      .replaceAll('\n', ' ')
      .includes(`${ran}; ${others}, and ${count('not yet')} do not run there`),
  );
});

test('at most ten lines may stay out of the tour, each with why; none of them has run', () => {
  const exceptions = exceptionsOf();
  assert.ok(exceptions.size <= 10);
  for (const [id, reason] of exceptions) {
    assert.equal(lines.find(line => line.id === id)?.ran, 'not yet', id);
    assert.match(reason, /^[^.]{20,}$/, id);
  }
});

test('a call that was taken out stands in its file still', () => {
  for (const [file, titles] of Object.entries(missedOf())) {
    const { calls } = switched(file, read(`workflows/runbooks/${file}`));
    for (const title of Object.keys(titles))
      assert.ok(
        calls.some(call => call.title === title),
        `${file}: ${title}`,
      );
  }
});

test('a line is covered only when each of its calls was taken out', () => {
  const tried = new Set(Object.values(missedOf()).flatMap(titles => Object.keys(titles)));
  for (const line of lines.filter(({ covered }) => covered === 'covered'))
    for (const call of named(line))
      assert.ok(!call?.activity || tried.has(call.title), `${line.id}: ${call?.title} was not tried`);
});

describe('differs from what is written only where a page says so', () => {
  /** A line of data has no title. */
  const untitled = ['meta', 'detection', 'item'];
  const ofNote = (text: string) => text.replace(/^# (\d\. )?/, '');

  /** Words that a title repeats: a command has those of the note above it. */
  function wordsOf({ id, written, text }: WrittenLine): string {
    if (written === 'step') return text.split(': ')[0] ?? '';
    if (written === 'note') return ofNote(text);
    if (written === 'cause') return text.replace(/^If /, '');
    if (written !== 'command') return text;
    return headingOf.get(id) ?? '';
  }

  const rows = rowsOf(read('docs/written/steps.tsv'));
  const inOrder = rows.map(([id = '', , kind = '', , , , text = '']) => ({ id, kind, text }));
  const headingOf = new Map(
    inOrder.map(({ id }, index) => [id, ofNote(inOrder.slice(0, index).findLast(({ kind }) => kind === 'note')?.text ?? '')]),
  );

  const isTitled = (line: WrittenLine) => isOfSteps(line) || ['cause', 'heading'].includes(line.kind);
  const hasOtherWords = (line: WrittenLine) =>
    isTitled(line) &&
    !untitled.includes(line.written) &&
    !line.places.every(place => place === wordsOf(line) || place.startsWith(`${wordsOf(line)}: `));

  const forData: Record<string, readonly Kind[]> = {
    'data:severity': ['catalog'],
    'data:contacts': ['platform'],
    'data:alertRule': ['alert rule'],
    'data:catalog': ['catalog'],
    'data:schedule': ['schedule'],
    'data:checklist': ['report'],
    'kit:phase': ['phase', 'heading'],
    'kit:ask': ['cause', 'ask'],
    'kit:task': ['task'],
  };

  const hasOtherActivity = (line: WrittenLine) => {
    const { kind, places, activity } = line;
    if (kind === 'kit') return !read(places[0] ?? '').includes(activity);
    return !(forData[activity]?.includes(kind) ?? named(line).some(call => call?.activity === activity));
  };

  /** A role, by how the step map speaks of it. */
  const roles: [RegExp, string][] = [
    [/^nobody/, ''],
    [/^(incident )?commander/, 'commander'],
    [/^primary on-call|^on-call engineer/, 'primary'],
    [/^quantum specialist/, 'quantum'],
    [/^infrastructure lead/, 'infrastructure'],
    [/^platform team/, 'platform'],
    [/^database team/, 'database'],
    [/^customer success/, 'customer-success'],
    [/^operations/, 'operations'],
    [/^management/, 'management'],
    [/^security lead/, 'security'],
    [/^finance/, 'finance'],
  ];

  function isDecidedByOthers(line: WrittenLine): boolean {
    if (!isOfSteps(line)) return false;
    const specified = roles.find(([words]) => words.test(line.person))?.[1];
    assert.ok(specified !== undefined, `${line.id}: ${line.person}`);
    const deciders = named(line).flatMap(call => call?.decides ?? []);
    return specified === '' ? deciders.length > 0 : !deciders.includes(specified);
  }

  const differences = { words: hasOtherWords, activity: hasOtherActivity, who: isDecidedByOthers };
  for (const [name, differs] of Object.entries(differences))
    test(`in its ${name}`, () => {
      const ids = (some: WrittenLine[]) => some.map(({ id }) => id);
      assert.deepEqual(ids(mapped.filter(differs)), ids(mapped.filter(line => line.differs.includes(name))));
    });

  test('and each that differs names a page', () => {
    for (const { id, differs, note } of mapped) assert.ok(differs.length === 0 || note !== '', id);
  });

  test('which has that section, and names the line or its words', () => {
    const unnamed = mapped.filter(line => {
      const [page = '', section] = line.note.split('#');
      if (page === '') return false;
      assert.ok(existsSync(join(root, page)), `${line.id}: ${page}`);
      const text = section === undefined ? read(page) : sectionOf(read(page), section);
      const tail = line.id.slice(Math.max(0, line.id.indexOf(`${line.runbook}/`)));
      return ![tail, wordsOf(line), line.text.split(': ').at(-1) ?? ''].some(words => words !== '' && text?.includes(words));
    });
    assert.deepEqual(
      unnamed.map(({ id, note }) => `${id}: ${note}`),
      [],
    );
  });
});

/** As links name it. */
function sectionOf(page: string, anchor: string): string | undefined {
  const named = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  return page.split(/^## /m).find(section => named(section.split('\n')[0] ?? '') === anchor);
}

const isCall: ReadonlySet<string> = new Set(['step', 'check', 'watch']);

describe('runbooks coverage', () => {
  const run = commandLine({});

  test('prints every line, and how many are mapped', async () => {
    const { code, stdout } = await run('coverage');
    assert.equal(code, 0);
    assert.equal(stdout.trimEnd().split('\n').at(-1), `mapped ${mapped.length}/357; unmapped ${357 - mapped.length}`);
  });

  test('says why a line does not run', async () => {
    const { stdout } = await run('coverage', 'billing-drift');
    assert.match(stdout, /Update customer records +task +does not run here/);
    assert.match(stdout, /^resolution\/cause-2\/3 does not run here: no API of the platform writes its ledger/m);
  });

  test('says of each call whether a rehearsal misses it', async () => {
    const { stdout } = await run('coverage', 'dynex-outage', '-o', 'json');
    const { lines } = outputs.coverage.parse(JSON.parse(stdout));
    for (const { id, kind, covered } of lines) assert.equal(covered !== undefined, isCall.has(kind), id);
    assert.equal(lines.find(({ id }) => id.endsWith('immediate-response/3'))?.covered, 'covered');
    const text = (await run('coverage', 'dynex-outage')).stdout;
    assert.match(text, /immediate-response\/3 .* step +ran \S.* covered +Activate Circuit Breaker/);
    assert.equal(text.split('\nnot covered: ').length - 1, notCovered('dynex-outage').length);
  });

  test('prints one runbook, and refuses what the document does not have', async () => {
    const { stdout } = await run('coverage', 'dynex-outage', '-o', 'json');
    const { mapped, of } = outputs.coverage.parse(JSON.parse(stdout));
    assert.deepEqual([mapped, of], [27, 27]);
    const { code, stderr } = await run('coverage', 'nope');
    assert.equal(code, 3);
    assert.match(stderr, /The document has no nope\. It has: .*log-review/);
  });
});
