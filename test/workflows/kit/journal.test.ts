// The journal outlives the code that wrote it: each entry is small, numbered, and carries its version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../workflows/kit/record/events.ts';
import { type Entry, entryOf, longestEntry } from '../../../workflows/kit/record/journal.ts';
import { aReceipt, anAlert, done, planned, refused, type Rehearsing, rehearsal, usual } from '../../support/rehearsing.ts';

const at = '2026-11-24T03:00:00.000Z';
const bytes = (entry: Entry) => Buffer.byteLength(JSON.stringify(entry));

const long = 'Ein sehr langer Satz über die Straße — '.repeat(40);
const changes = Array.from({ length: 30 }, (_, index) => ({
  target: `ConfigMap nqba-platform/nqba-config-${index}`,
  field: 'QUANTUM_BACKEND',
  before: long,
  after: long,
}));
const plan = {
  summary: long,
  changes,
  consequences: [long, long],
  restsOn: [{ what: long, value: long }],
  digest: 'd'.repeat(64),
};
const key = '0199aa11-2233-7444-8555-666677778888/Immediate Response/Activate Circuit Breaker: relapse of 100%25/12';

const incidents: Record<string, Rehearsing> = {
  undisturbed: {},
  'with long receipts and plans': {
    world: {
      setFallback: [
        done(aReceipt({ note: long, changes, effect: { measured: 'whole', text: long } })),
        planned('approval', plan),
        done(),
      ],
    },
  },
  'with a stuck step and a flood of alerts': {
    world: { 'Activate Circuit Breaker': [refused(long.repeat(20), true), done()] },
    people: { ...usual, 'Activate Circuit Breaker': 'retry' },
    messages: Array.from({ length: 50 }, (_, index) => ({
      after: 1000 * index,
      signal: 'alert',
      args: [anAlert({ fingerprint: `f${index % 7}`, annotations: { summary: long, description: long.repeat(9) } })],
    })),
  },
};

for (const [what, incident] of Object.entries(incidents))
  test(`every entry of an incident ${what} is at most 1 KiB, numbered without a gap, and carries its version`, async () => {
    const { journal } = await rehearsal(incident);
    assert.equal(journal.length > 50, true);
    for (const [index, entry] of journal.entries()) {
      assert.equal(bytes(entry) <= 1024, true, JSON.stringify(entry));
      assert.deepEqual([entry.version, entry.number], [1, index + 1]);
      assert.equal(new Date(entry.at).toISOString(), entry.at);
    }
  });

/** What names a thing: without it an entry could not be folded again. */
const named: [Event, string][] = [
  [
    {
      kind: 'step settled',
      key,
      state: 'done',
      because: long,
      evidence: long,
      changes,
      effect: { measured: 'whole', text: long },
    },
    'key',
  ],
  [{ kind: 'step began', key, title: long, phase: long }, 'key'],
  [{ kind: 'withdrawn', question: 'q'.repeat(64), because: long.repeat(9) }, 'question'],
];

for (const [event, name] of named)
  test(`a long entry of the kind “${event.kind}” loses words, never the ${name} it belongs to`, () => {
    const entry = entryOf(7, at, event);
    assert.equal(bytes(entry) <= longestEntry, true);
    assert.equal(Reflect.get(entry, name), Reflect.get(event, name));
  });

test('a question keeps its id and the digest of its plan', () => {
  const question = {
    id: 'gradual-rollback-100-2',
    kind: 'plan' as const,
    title: long,
    choices: ['approve', 'skip', 'done by hand'],
    owner: 'commander' as const,
    blocking: true,
    asked: at,
    because: long,
    evidence: long,
    plan,
  };
  const entry = entryOf(1, at, { kind: 'asked', question });
  assert.equal(bytes(entry) <= longestEntry, true);
  assert.equal(entry.kind === 'asked' && entry.question.id, question.id);
  assert.equal(entry.kind === 'asked' && entry.question.plan?.digest, plan.digest);
});

test('an alert of the longest labels keeps its fingerprint and its state', () => {
  const labels = Object.fromEntries(
    ['alertname', 'severity', 'service', 'pod', 'cluster', 'namespace'].map(name => [name, '€'.repeat(200)]),
  );
  const entry = entryOf(1, at, { kind: 'alert', alert: anAlert({ labels, annotations: { summary: long, description: long } }) });
  assert.equal(bytes(entry) <= longestEntry, true);
  assert.deepEqual(entry.kind === 'alert' && [entry.alert.fingerprint, entry.alert.status], ['f00d', 'firing']);
});

test('how a step ended survives, whatever was said about it', () => {
  const entry = entryOf(1, at, {
    kind: 'step settled',
    key,
    state: 'part',
    because: '€'.repeat(3000),
    changes,
    effect: { measured: 'part', text: '€'.repeat(3000) },
  });
  assert.equal(bytes(entry) <= longestEntry, true);
  assert.equal(entry.kind === 'step settled' && entry.state, 'part');
});
