// What people may say beside decisions: more time, another severity, who commands, a note.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../workflows/contract/index.ts';
import { readExtension, readNote, readSeverity } from '../../../workflows/kit/incident/parse.ts';
import { withSaid } from '../../../workflows/kit/record/commands.ts';
import { opening } from '../../../workflows/kit/record/state.ts';
import { aStart, minutes, refused, threeAtNight } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const at = (minute: number) => new Date(threeAtNight + minutes(minute)).toISOString();
const says = (after: number, signal: string, change: object) => ({
  after: minutes(after),
  signal,
  args: [{ by: 'ann', reason: 'the vendor is on the line', ...change }],
});
const phaseOf = ({ phases }: Report, title: string) => phases.findLast(phase => phase.title === title);
/** Nobody answers, and the breaker is stuck: the Immediate Response stays open. */
const stuck = { world: { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) }, people: {} };

for (const rollOver of [false, true]) {
  const how = rollOver ? ', and over a roll-over' : '';

  test(`a phase is given more time: it is overdue so much later, and the report says who said so and why${how}`, async () => {
    const messages = [says(2, 'extend', { phase: 'Immediate Response', minutes: 10 })];
    const early = await trialOutage({ ...stuck, rollOver, messages, atMost: minutes(14) });
    assert.equal(phaseOf(early.report, 'Immediate Response')?.overdue, undefined);
    const { report } = await trialOutage({ ...stuck, rollOver, messages, atMost: minutes(16) });
    assert.equal(phaseOf(report, 'Immediate Response')?.overdue, at(15));
    assert.deepEqual(phaseOf(report, 'Immediate Response')?.extended, [
      { at: at(2), by: 'ann', until: at(15), reason: 'the vendor is on the line' },
    ]);
  });
}

test('more time for what is overdue counts from now, and it may be overdue again', async () => {
  const messages = [says(8, 'extend', { phase: 'Immediate Response', minutes: 4 })];
  const { report } = await trialOutage({ ...stuck, messages, atMost: minutes(13) });
  assert.equal(phaseOf(report, 'Immediate Response')?.overdue, at(12));
});

test('until when may be said as a time', async () => {
  const messages = [says(2, 'extend', { phase: 'Immediate Response', until: at(9) })];
  const { report } = await trialOutage({ ...stuck, messages, atMost: minutes(8) });
  assert.equal(phaseOf(report, 'Immediate Response')?.by, at(9));
});

const refusedExtensions: [string, object, RegExp][] = [
  [
    'an unknown phase',
    { phase: 'Lunch', minutes: 5 },
    /no phase "Lunch" has begun; phases that can be extended: Immediate Response/,
  ],
  ['a time that is past', { phase: 'Immediate Response', until: at(1) }, /is past/],
  ['a time before its limit', { phase: 'Immediate Response', until: at(4) }, /already has time until/],
  ['more than a day', { phase: 'Immediate Response', until: '2027-01-01T00:00:00Z' }, /more than a day/],
  ['minutes and a time', { phase: 'Immediate Response', minutes: 5, until: at(9) }, /either minutes/],
  ['no reason', { phase: 'Immediate Response', minutes: 5, reason: '' }, /reason/],
];

for (const [what, change, because] of refusedExtensions)
  test(`an extension with ${what} is refused, and recorded`, async () => {
    const { report } = await trialOutage({ ...stuck, messages: [says(2, 'extend', change)], atMost: minutes(3) });
    assert.match(report.refusals[0]?.because ?? '', because);
    assert.equal(phaseOf(report, 'Immediate Response')?.by, at(5));
  });

test('a phase that is over has no more time', async () => {
  const messages = [says(2, 'extend', { phase: 'Immediate Response', minutes: 5 })];
  const { report } = await trialOutage({ people: {}, messages, atMost: minutes(3) });
  assert.match(report.refusals[0]?.because ?? '', /Immediate Response has ended/);
});

test('the severity is changed with a reason; the same one again is refused', async () => {
  const messages = [says(1, 'severity', { severity: 'P0' }), says(2, 'severity', { severity: 'P0' })];
  const { report } = await trialOutage({ people: {}, messages, atMost: minutes(3) });
  assert.equal(report.severity, 'P0');
  assert.deepEqual(report.severityChanges, [{ at: at(1), by: 'ann', from: 'P1', to: 'P0', reason: 'the vendor is on the line' }]);
  assert.match(report.refusals[0]?.because ?? '', /the severity is P0 already/);
});

test('who takes over commands it, whoever acknowledged', async () => {
  const messages = [says(1, 'acknowledge', { by: 'bob' }), says(2, 'takeOver', {}), says(3, 'takeOver', {})];
  const { report } = await trialOutage({ people: {}, messages, atMost: minutes(4) });
  assert.deepEqual([report.commander, report.times.acknowledged], ['ann', at(1)]);
  assert.match(report.refusals[0]?.because ?? '', /ann is already the incident commander/);
});

test('who commands it already is refused however the name is typed', async () => {
  const messages = [says(1, 'takeOver', {}), says(2, 'takeOver', { by: 'Ann' })];
  const { report } = await trialOutage({ people: {}, messages, atMost: minutes(3) });
  assert.deepEqual([report.commander, report.refusals.length], ['ann', 1]);
});

test('who takes over what nobody acknowledged has acknowledged it', async () => {
  const { report } = await trialOutage({ people: {}, messages: [says(2, 'takeOver', {})], atMost: minutes(3) });
  assert.deepEqual([report.commander, report.times.acknowledged], ['ann', at(2)]);
});

test('a note stands in the report, acknowledges nothing, and is bounded', async () => {
  const messages = Array.from({ length: 300 }, (_, index) => says(1, 'note', { text: `${index} ${'x'.repeat(2000)}` }));
  const { report } = await trialOutage({ people: {}, messages, atMost: minutes(2) });
  assert.equal(report.notes?.length, 200);
  assert.match(report.notes?.at(-1)?.text ?? '', /^299 xxx/);
  assert.equal(report.times.acknowledged, undefined);
});

test('an update that is refused fails at once, with the reason, and the refusal is on the record', async () => {
  const said = { phase: 'Lunch', minutes: 5, by: 'ann', reason: 'hunger' };
  const job = { doUpdate: { id: 'u1', protocolInstanceId: 'u1', name: 'extend', input: [payloadOf(said)], runValidator: false } };
  const { tasks, report } = await trialOutage({
    people: {},
    messages: [],
    jobs: [{ after: minutes(1), job }],
    atMost: minutes(2),
  });
  const [failure] = tasks.flat().flatMap(({ updateResponse }) => updateResponse?.rejected ?? []);
  assert.deepEqual(
    [failure?.message, failure?.applicationFailureInfo?.type, failure?.applicationFailureInfo?.nonRetryable],
    [report.refusals[0]?.because, 'Refused', true],
  );
  assert.match(failure?.message ?? '', /^no phase "Lunch" has begun/);
});

test('whatever is said after the end is refused', () => {
  const closed = { ...opening('Dynex Outage', 'dynex-outage', 'P1', aStart(), at(0)), state: 'closed' as const };
  const state = withSaid(closed, { kind: 'note', text: 'too late', by: 'ann', at: at(1) });
  assert.deepEqual([state.notes, state.refusals[0]?.because], [undefined, 'the incident is closed']);
});

const odd: unknown[][] = [[], [undefined], [null], [5], ['x'], [[]], [{}], [{ by: 5 }], [{ malformed: 'bad JSON' }], [{}, {}]];

test('every guard is total: whatever comes in, a reason comes out', () => {
  for (const read of [readExtension, readSeverity, readNote])
    for (const args of odd) assert.equal('malformed' in read(args), true, JSON.stringify(args));
  for (const given of [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1441, '5'])
    assert.equal('malformed' in readExtension([{ phase: 'p', by: 'b', reason: 'r', minutes: given }]), true, String(given));
  assert.equal('malformed' in readExtension([{ phase: 'p', by: 'b', reason: 'r', until: 'soon' }]), true);
  assert.equal('malformed' in readSeverity([{ severity: 'P9', by: 'b', reason: 'r' }]), true);
});

const payloadOf = (value: object) => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data: new TextEncoder().encode(JSON.stringify(value)),
});
