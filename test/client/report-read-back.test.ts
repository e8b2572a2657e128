// The record as it is read back: what must stand there, what may, and what a later version may add.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failed } from '../../client/errors.ts';
import { reportOf, verdicted } from '../../client/report.ts';
import { aReportedStep, everythingReported } from '../support/reporting.ts';

type Path = (string | number)[];

/** Every place in a record, as far as it has parts. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Array.isArray(value) ? value.map((part, index) => [index, part] as const) : Object.entries(value);
  return [path, ...parts.flatMap(([name, part]) => places(part, [...path, name]))];
}

function changedAt(path: Path, change: (parent: object, name: string | number) => void): unknown {
  const record = structuredClone(everythingReported());
  const name = path.at(-1) ?? '';
  change(
    path.slice(0, -1).reduce<object>((parent, part) => Object(Reflect.get(parent, part)), record),
    name,
  );
  return record;
}

const isRead = (record: unknown) => {
  try {
    reportOf(record);
    return true;
  } catch {
    return false;
  }
};

const all = () => places(everythingReported()).filter(path => path.length > 0);

test('a record in which everything stands is read as it is', () => {
  assert.deepEqual(reportOf(everythingReported()), everythingReported());
});

test('whatever is of another kind than it should be is refused, wherever it stands', () => {
  for (const path of all()) {
    const wrong = changedAt(path, (parent, name) => Reflect.set(parent, name, Symbol('wrong')));
    assert.equal(isRead(wrong), false, path.join('.'));
  }
});

test('what may be missing is exactly this', () => {
  const fields = all().filter(path => typeof path.at(-1) === 'string');
  const optional = fields.filter(path => isRead(changedAt(path, (parent, name) => Reflect.deleteProperty(parent, name))));
  const names = new Set(optional.map(path => path.filter(part => typeof part === 'string').join('.')));
  assert.deepEqual([...names].sort(), [
    'alerts.annotations.summary',
    'alerts.artifact',
    'alerts.endsAt',
    'alerts.labels.runbook',
    'alerts.labels.severity',
    'brokenGlass',
    'commander',
    'like',
    'mode',
    'notes',
    'outcome',
    'overdue',
    'phases.by',
    'phases.ended',
    'phases.extended',
    'phases.overdue',
    'questions.answer',
    'questions.answer.reason',
    'questions.answer.text',
    'questions.because',
    'questions.evidence',
    'questions.expires',
    'questions.otherwise',
    'questions.plan',
    'questions.second',
    'questions.suggest',
    'questions.text',
    'questions.votes',
    'questions.votes.reason',
    'questions.votes.text',
    'questions.withdrawn',
    'recovery',
    'severityChanges',
    'standing',
    'steps.changed',
    'steps.effect',
    'steps.ended',
    'steps.takeBack',
    'steps.takeBack.target.namespace',
    'times.acknowledged',
    'times.closed',
    'times.mitigated',
    'times.paged',
    'times.resolved',
  ]);
});

test('what a later version adds is kept', () => {
  const record = { ...everythingReported(), added: 'later' };
  assert.deepEqual(reportOf(record), record);
});

test('a record of another version is refused, and says which part cannot be read', () => {
  assert.throws(
    () => reportOf({ ...everythingReported(), version: 2 }),
    (error: unknown) =>
      error instanceof Failed && /^The report cannot be read by this version:\n.*expected 1\n.*version/s.test(error.message),
  );
});

test('a message of people was accepted, or it was not and why', () => {
  const read = (answer: unknown) => verdicted.safeParse(answer).data;
  assert.deepEqual(read({ accepted: true }), { accepted: true });
  assert.deepEqual(read({ accepted: false, because: 'closed' }), { accepted: false, because: 'closed' });
  for (const wrong of [{}, { accepted: false }, { accepted: 'yes' }, { because: 'closed' }]) assert.equal(read(wrong), undefined);
});

test('the record of an incident that closed before take-backs named their action is read, and may be undone', () => {
  const former = { kind: 'ConfigMap', namespace: 'nqba-platform', name: 'nqba-config', key: 'run-1/a/b/1' };
  const step = aReportedStep({ action: { type: 'setFallback', input: { enabled: true } }, because: 'The breaker is open.' });
  const { steps } = reportOf({ ...everythingReported(), steps: [{ ...step, takeBack: former }] });
  const { key, ...place } = former;
  assert.deepEqual(steps[0]?.takeBack, {
    action: 'setFallback',
    key,
    target: { system: 'kubernetes', ...place },
    words: 'The breaker is open.',
  });
});
