// What an execution is started with is guarded as messages are: a bad start ends it with a reason, and nothing else happens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStart, readTakeBackStart } from '../../../workflows/kit/incident/start.ts';
import { aStart, aTakeBack, anAlert, rehearsal } from '../../support/rehearsing.ts';

const start = aStart();
const takeBack = aTakeBack();
const { platform } = start;
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

const noObjects: [string, unknown[], RegExp][] = [
  ['nothing', [], /expected one argument, got 0/],
  ['two of them', [start, start], /expected one argument, got 2/],
  ['null', [null], /expected an object, got null/],
  ['a list', [[start]], /expected an object, got a list/],
  ['a text', ['dynex-outage'], /expected an object, got a string/],
  ['an empty object', [{}], /the version is 1/],
  ['what the converter could not read', [{ malformed: 'bad JSON' }], /bad JSON/],
];
const ofBoth: [string, object, RegExp][] = [
  ['another version', { version: 2 }, /the version is 1/],
  ['no name', { name: ' ' }, /the name is a text/],
  ['a name without end', { name: 'x'.repeat(101) }, /at most 100 characters/],
  ['no platform', { platform: undefined }, /the platform is missing/],
  ...[0, -1, 1.1, 1e9, '1', null].map((pace): [string, object, RegExp] => [
    `the pace ${JSON.stringify(pace)}`,
    { platform: { ...platform, pace } },
    /the pace of the platform is a number above 0/,
  ]),
  ['quiet minutes of one severity', { platform: { ...platform, quietMinutes: { P0: 60 } } }, /quietMinutes are minutes/],
  ['endless quiet', { platform: { ...platform, quietMinutes: { P0: 1e300, P1: 1, P2: 1, P3: 1 } } }, /quietMinutes are minutes/],
  ['a ladder that begins nowhere', { platform: { ...platform, ladderBegins: 2 } }, /ladderBegins is 0 or 1/],
  ['nights without an end', { platform: { ...platform, nights: [{ from: 'now' }] } }, /nights are times/],
  ['Secrets that are no names', { platform: { ...platform, keySecrets: 'nqba-secrets' } }, /keySecrets are names of Secrets/],
  ['people without lists', { platform: { ...platform, people: { ann: 'primary' } } }, /people have a list of roles/],
];
const ofIncidents: [string, object, RegExp][] = [
  ['no alert', { alert: undefined }, /the alert is missing/],
  ['half an alert', { alert: { name: 'DynexHealthCheckFailed' } }, /an alert needs name, fingerprint and startsAt/],
  ['a reason that is none', { because: 7 }, /because is a text/],
  ['a likeness without lists', { like: { incident: 'a', from: 'b', steps: [] } }, /like is what was taken over/],
  ['a state that is none', { resumed: { state: 5 } }, /resumed is what the run before handed on/],
];
const ofTakeBacks: [string, object, RegExp][] = [
  ['no incident', { incident: undefined }, /incident and title/],
  ['a time that is none', { at: 'soon' }, /at is a time/],
  ['no change', { takeBack: {} }, /takeBack is what a receipt says/],
  ['a change of nothing', { takeBack: { ...takeBack.takeBack, target: undefined } }, /takeBack is what a receipt says/],
];

const changed = (good: object, table: [string, object, RegExp][]) =>
  table.map(([what, change, because]): [string, unknown[], RegExp] => [what, [{ ...good, ...change }], because]);
const starts = [...noObjects, ...changed(start, [...ofBoth, ...ofIncidents])];
const takeBacks = [...noObjects, ...changed(takeBack, [...ofBoth, ...ofTakeBacks])];

for (const [type, read, table] of [
  ['an incident', readStart, starts],
  ['a take-back', readTakeBackStart, takeBacks],
] as const)
  for (const [what, args, because] of table)
    test(`${type} is not started with ${what}`, () => {
      const found = read(args);
      assert.match('malformed' in found ? found.malformed : 'it was read', because);
    });

test('what our own client sends is read as it was sent', () => {
  const people = { ann: ['primary' as const], bob: ['quantum' as const, 'escalation' as const] };
  const nights = [{ from: '2026-11-24T21:00:00Z', to: '2026-11-25T05:00:00Z' }];
  const whole = { ...start, because: '', platform: { ...platform, ladderBegins: 1, nights, people } };
  const like = { incident: 'dynex-outage-20261123-aaaa', from: 'Verify', steps: [], phases: [], questions: [] };
  for (const one of [start, whole, { ...whole, like }]) assert.deepEqual(plain(readStart([one])), { ok: one });
  for (const one of [takeBack, { ...takeBack, at: '2026-11-24T07:00:00Z' }])
    assert.deepEqual(plain(readTakeBackStart([one])), { ok: one });
});

test('a platform may have roles of its own; one that is no text is left out, and the incident begins', () => {
  const people = { ann: ['primary', 'astrologer', 7] };
  const read = readStart([{ ...start, platform: { ...platform, people } }]);
  assert.deepEqual('ok' in read && read.ok.platform.people, { ann: ['primary', 'astrologer'] });
});

for (const type of ['dynexOutage', 'p0CriticalIncidentResponse', 'takeBack'])
  test(`${type} that is started with nothing, two or a wrong object fails at once, and does nothing`, async () => {
    const wrong = { ...start, ...takeBack, platform: { ...platform, pace: 0 } };
    for (const args of [[], [start, start], [{ version: 1 }], [wrong], ['x']])
      await assert.rejects(rehearsal({ type, args, world: {}, messages: [] }), /the workflow failed: Nothing begins: /);
  });

test('pages of no incident are not acknowledged: it fails at once and says why', async () => {
  const named = { version: 1, incident: 'run-1' };
  for (const args of [[], [named, named], [{ incident: 'run-1' }], [{ ...named, incident: ' ' }], ['run-1']])
    await assert.rejects(rehearsal({ type: 'acknowledgePages', args, world: {}, messages: [] }), /failed: Nothing begins: /);
});

test('the alert that came with a bad start brings nothing about either', async () => {
  const messages = [{ after: 0, signal: 'alert', args: [anAlert()] }];
  await assert.rejects(rehearsal({ args: [{}], messages }), /the workflow failed: Nothing begins: the version is 1/);
});
