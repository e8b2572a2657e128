/** The doctor warns of changes of ours that stand. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { standingLines } from '../../../worker/doctor/standing.ts';
import { answers, aPlatform, connected, refuses } from '../../activities/bare.ts';

const change = (action: string, key: string) => {
  const values = { before: { QUANTUM_BACKEND: 'dynex' }, set: { QUANTUM_BACKEND: 'classical' } };
  return { [recordName(key)]: recordOf({ action, key, ...values }) };
};

/** The ConfigMap carries them; there is no other object. */
function lineFor(records: Record<string, string>) {
  const fetch = (request: Request) => {
    const [name = ''] = new URL(request.url).pathname.split('/').slice(-1);
    if (name !== 'nqba-config') return Response.json({ kind: 'Status', message: `${name} not found` }, { status: 404 });
    return Response.json({ metadata: { name, annotations: records }, data: {} });
  };
  return standingLines({ systems: connected({ kubernetes: { fetch } }), platform: aPlatform });
}

test('no record is no change', async () => {
  assert.deepEqual(await lineFor({}), [{ check: 'Standing changes', ok: true, text: 'no change of ours stands.' }]);
});

test('a change that stands is a warning with its object and the command that names its incident', async () => {
  const [line] = await lineFor({ ...change('setFallback', 'one/a/b/1'), ...change('setFallback', 'two/a/b/1') });
  assert.deepEqual(line, {
    check: 'Standing changes',
    ok: true,
    warning: true,
    text: '2 changes of ours stand: ConfigMap nqba-platform/nqba-config. Incidents and commands: runbooks list.',
  });
});

test('a key that was meant to stay is no warning', async () => {
  const [line] = await lineFor(change('useSecret', 'one/a/b/1'));
  assert.equal(line?.warning, undefined);
  assert.match(line?.text ?? '', /^no change of ours stands\. Meant to stay: ConfigMap /);
});

test('a record that someone has edited into something unreadable is a warning of its own', async () => {
  const name = recordName('two/a/b/1');
  const [first, second, ...more] = await lineFor({ ...change('setFallback', 'one/a/b/1'), [name]: '{"edited' });
  assert.deepEqual(first, {
    check: 'Standing changes',
    ok: true,
    warning: true,
    text: `The record ${name} on ConfigMap nqba-platform/nqba-config cannot be read: someone has edited it by hand, so its change still stands and cannot be undone. Restore the object by hand, then remove the record.`,
  });
  assert.match(second?.text ?? '', /^1 change of ours stands: ConfigMap /);
  assert.deepEqual(more, []);
  const [, none] = await lineFor({ [name]: '{}' });
  assert.equal(none?.text, 'no other change of ours stands.');
});

test('a cluster that is not read says so, and is no fault of this line', async () => {
  const systems = connected({ kubernetes: { fetch: refuses } });
  const [line] = await standingLines({ systems, platform: aPlatform });
  assert.deepEqual([line?.ok, line?.warning], [true, true]);
  assert.match(line?.text ?? '', /^not checked: Kubernetes /);
  const [none] = await standingLines({ systems: connected({ kubernetes: { fetch: answers(403, {}) } }), platform: aPlatform });
  assert.match(none?.text ?? '', /^not checked: /);
});
