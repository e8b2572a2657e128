// Holds that are in force while nothing of an incident waits: `list` and `show` say them all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstLines } from '../../../client/cli/first-lines.ts';
import { everythingHeld, heldLine, holdsIn, oneHeld } from '../../../client/cli/holds.ts';
import { aReport } from '../../support/reporting.ts';

const text = 'bob works on it (ann, since 2026-11-24 03:10 UTC)';
const name = 'dynex-outage-20261124-k7fp';

test('a hold of everything and holds of single incidents are read apart, and an empty one is none', () => {
  assert.deepEqual(holdsIn({ hold: text, 'hold.a': 'why', 'hold.b': '', 'mode.dynex-outage': 'observe' }), {
    held: true,
    reason: text,
    incidents: [{ id: 'a', reason: 'why' }],
  });
  assert.equal(holdsIn({ 'hold.a': 'why' }).held, false);
});

test('each is said with who, since when and why, and with the command that releases it', () => {
  const said = 'since 2026-11-24 03:10 UTC by ann: bob works on it. Release with: runbooks release';
  assert.equal(everythingHeld(text), `EVERYTHING IS HELD ${said} --all`);
  assert.equal(oneHeld(name, text), `${name} IS HELD ${said} ${name}`);
  assert.equal(oneHeld(name, 'set with kubectl'), `${name} IS HELD: set with kubectl. Release with: runbooks release ${name}`);
});

test('an incident is held with everything, or alone; another is not', () => {
  const alone = holdsIn({ 'hold.a': text });
  assert.equal(heldLine(alone, 'a', name), oneHeld(name, text));
  assert.equal(heldLine(alone, 'b', name), undefined);
  assert.equal(heldLine(holdsIn({ hold: text, 'hold.a': 'why' }), 'a', name), everythingHeld(text));
});

test('the second of the four lines begins with it, though nothing waits', () => {
  const [, did] = firstLines({ name, report: aReport(), held: oneHeld(name, text), now: Date.parse('2026-11-24T03:20:00Z') });
  assert.match(
    did ?? '',
    /^What it did: +dynex-outage-20261124-k7fp IS HELD since .*runbooks release dynex-outage-20261124-k7fp; /,
  );
});
