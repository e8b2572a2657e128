// Faults of an operation are kept once for each owner and reason, and fold into one line while they are accepted.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { acceptFault, checkKnownFaults, rememberedFaults } from '../../activities/known-faults.ts';

const of = 'morning-health-check';
const nodes = { owner: 'operations', reason: 'Nodes are not ready' };
const pods = { owner: 'operations', reason: 'Pods are not ready' };
const day = (date: number) => `2026-11-${date}T09:00:00.000Z`;

let artifacts: ReturnType<typeof connectArtifacts>;
beforeEach(() => {
  artifacts = connectArtifacts({ folder: mkdtempSync(join(tmpdir(), 'faults-')) });
});

const found = (date: number, faults: (typeof nodes)[], unknown: (typeof nodes)[] = []) =>
  checkKnownFaults({ systems: { artifacts }, now: () => Date.parse(day(date)) }, { of, at: day(date), faults, unknown });

describe('a fault', () => {
  test('is kept once, with its first day and how often it was found', async () => {
    await found(22, [nodes]);
    await found(23, [nodes, pods]);
    const { verdict, evidence, facts } = await found(24, [nodes, pods]);
    assert.deepEqual([verdict, evidence], ['faulty', 'Open faults: 2, new: 0.']);
    assert.deepEqual(
      facts?.faults?.map(({ reason, since, times }) => [reason, since, times]),
      [
        [nodes.reason, day(22), 3],
        [pods.reason, day(23), 2],
      ],
    );
    assert.equal((await rememberedFaults(artifacts, of)).length, 2);
  });

  test('counts a run once, however often it asks', async () => {
    await found(22, [nodes]);
    assert.deepEqual(await found(22, [nodes]), await found(22, [nodes]));
  });

  test('that is gone is named once, and begins again when it comes back', async () => {
    await found(22, [nodes]);
    for (const again of [1, 2]) assert.deepEqual((await found(23, [])).facts?.gone, [nodes.reason], `asked ${again} times`);
    assert.deepEqual(await rememberedFaults(artifacts, of), []);
    assert.deepEqual((await found(24, [])).facts?.gone, []);
    assert.equal((await found(25, [nodes])).facts?.faults?.[0]?.since, day(25));
  });

  test('of which nothing could be measured is not gone', async () => {
    await found(22, [nodes]);
    assert.deepEqual((await found(23, [], [nodes])).facts?.gone, []);
    assert.equal((await found(24, [nodes])).facts?.faults?.[0]?.since, day(22));
  });

  test('that is accepted is not open until the time has come', async () => {
    await acceptFault(artifacts, of, { reason: nodes.reason, until: day(24), because: 'a node is ordered', by: 'ann' });
    const accepted = await found(23, [nodes, pods]);
    assert.equal(accepted.evidence, 'Open faults: 1, new: 1; accepted: 1.');
    assert.equal(accepted.facts?.faults?.[0]?.accepted?.by, 'ann');
    assert.equal((await found(23, [nodes])).verdict, 'healthy');
    assert.equal((await found(24, [nodes])).verdict, 'faulty');
  });

  test('that is accepted has one line, which is over once: when the time has come, or the fault is gone, but not where it is unknown', async () => {
    const accept = (until: string) =>
      acceptFault(artifacts, of, { reason: nodes.reason, until, because: 'a node is ordered', by: 'ann' });
    const line = async (...asked: Parameters<typeof found>) => (await found(...asked)).facts?.line;
    await accept(day(24));
    assert.deepEqual(await line(21, [nodes]), { since: day(21), isOver: false });
    assert.deepEqual(await line(22, [nodes]), { since: day(21), isOver: false });
    assert.equal((await line(23, [], [nodes]))?.isOver, false);
    for (const again of [1, 2]) assert.equal((await line(24, [nodes]))?.isOver, true, `asked ${again} times`);
    assert.equal((await line(25, [nodes]))?.isOver, false);
    await accept(day(28));
    assert.deepEqual(await line(26, [nodes]), { since: day(26), isOver: false });
    assert.equal((await line(27, []))?.isOver, true);
  });
});
