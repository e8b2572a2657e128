import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meant } from '../../client/names.ts';
import { newName } from '../../workflows/contract/index.ts';

const incident = (name: string, workflowId = 'incident:dynex-outage:one', open = false) => ({
  name,
  workflowId,
  runId: `run of ${name}`,
  open,
});

describe('the name of an incident', () => {
  test('holds the runbook and the day in UTC, and four letters that differ', () => {
    const names = Array.from({ length: 200 }, () => newName('dynex-outage', Date.parse('2026-11-24T23:59:59Z')));
    for (const name of names) assert.match(name, /^dynex-outage-20261124-[a-km-np-z2-9]{4}$/);
    assert.ok(new Set(names).size > 195);
  });
});

describe('an incident is meant', () => {
  const newest = incident('dynex-outage-20261124-bbbb');
  const older = incident('dynex-outage-20261123-aaaa');

  test('by its name, even where another begins so', () => {
    assert.equal(meant([incident('x-1-long'), incident('x-1')], 'x-1').name, 'x-1');
  });

  test('by its workflow id: then the newest of that id', () => {
    assert.equal(meant([newest, older], 'incident:dynex-outage:one'), newest);
  });

  test('by a beginning that only it has', () => {
    assert.equal(meant([newest, older], 'dynex-outage-20261123'), older);
  });

  test('by no beginning that several have: they are named', () => {
    assert.throws(
      () => meant([newest, older], 'dynex'),
      /may mean 2 incidents: dynex-outage-20261124-bbbb, dynex-outage-20261123-aaaa/,
    );
  });

  test('by a beginning that several have: the only one that is open', () => {
    const open = incident('dynex-outage-20261124-cccc', 'incident:dynex-outage:two', true);
    assert.equal(meant([newest, open, older], 'dynex'), open);
    const [one, two] = [open, { ...open, name: 'dynex-outage-20261124-dddd' }];
    assert.throws(() => meant([one, two, older], 'dynex'), /may mean 3 incidents/);
  });

  test('by the id of its run: one that was reset is found by nothing else', () => {
    const reset = { ...newest, runId: 'before', replaced: true };
    assert.equal(meant([newest, reset], 'before'), reset);
    assert.equal(meant([newest, reset], 'dynex'), newest);
    assert.equal(meant([newest, reset], newest.name), newest);
  });

  test('by nothing that none has', () => {
    for (const text of ['nothing', '']) assert.throws(() => meant([newest], text), { name: 'NotFound', exit: 3 });
  });
});
