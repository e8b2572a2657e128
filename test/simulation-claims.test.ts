/** The facts that a simulation holds claims against: where nothing was measured, or only a way back happened, nothing is believed. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { factsOf, type Seen } from './support/simulation/law.ts';
import { Objects } from './support/simulation/objects.ts';

const minute = 60_000;
const effect = (type: string, input: object, at: number) => {
  const key = `run-1/${at}`;
  return { type, input, at, key, record: key, title: type };
};
const opened = effect('setFallback', { enabled: true }, minute);
const restored = [effect('takeBack', {}, 9 * minute), effect('setFallback', { enabled: false }, 9 * minute)];

/** Dynex is down for the first five minutes. */
function seen({ effects = [], undone, looks = [] }: { effects?: Seen['effects']; undone?: number; looks?: number[] }): Seen {
  const objects = new Objects();
  if (undone !== undefined) objects.undone.push({ key: opened.key, at: undone });
  const sample = (at: number) => ({ type: 'recovered', title: 'Recovered', verdict: 'healthy', at });
  return { objects, effects, looks: looks.map(sample), isDown: at => at < 5 * minute };
}

const times = { fired: '', opened: '' };
const isMitigated = (world: Parameters<typeof seen>[0]) => factsOf(seen(world), { times }).isMitigated;
const isSymptomGone = (world: Parameters<typeof seen>[0], resolved?: string) =>
  factsOf(seen(world), { times: { ...times, resolved }, outcome: resolved && 'recovered' }).isSymptomGone;

test('what people undid is mitigated by a later action, and by no way back', () => {
  assert.equal(isMitigated({ effects: [opened] }), true);
  assert.equal(isMitigated({ effects: [opened], undone: 2 * minute }), false);
  for (const back of restored) assert.equal(isMitigated({ effects: [opened, back], undone: 2 * minute }), false, back.type);
  assert.equal(isMitigated({ effects: [{ ...opened, at: 3 * minute }], undone: 2 * minute }), true);
});

test('what makes room mitigates nothing, and whoever undoes it undoes no other change', () => {
  const given = effect('giveBackReplica', {}, 2 * minute);
  assert.equal(isMitigated({ effects: [given] }), false);
  assert.equal(isMitigated({ effects: [{ ...opened, key: 'o', record: 'o' }, given], undone: 9 * minute }), true);
});

test('the symptom was gone at recovery, else when that was last measured or published; without either it was not', () => {
  assert.equal(isSymptomGone({ looks: [2 * minute] }, new Date(6 * minute).toISOString()), true);
  assert.equal(isSymptomGone({ looks: [6 * minute] }), true);
  assert.equal(isSymptomGone({ looks: [2 * minute] }), false);
  assert.equal(isSymptomGone({ effects: [effect('setStatusPage', { status: 'operational' }, 6 * minute)] }), true);
  assert.equal(isSymptomGone({}), false);
});
