import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seenHealthy, trusted } from '../../activities/seen.ts';
import type { Verdict } from '../../workflows/contract/index.ts';
import { virtualClock, withoutSystems } from './bare.ts';

const what = { check: 'dynex from inside', address: 'https://dynex.example.com' };
const hour = 3_600_000;

function memory() {
  const { now, sleep } = virtualClock();
  const systems = withoutSystems();
  let written = 0;
  const artifacts = {
    ...systems.artifacts,
    write: (name: string, record: string) => {
      written += 1;
      return systems.artifacts.write(name, record);
    },
  };
  return {
    sleep,
    written: () => written,
    seen: () => seenHealthy(artifacts, what),
    look: (verdict: Verdict) => trusted({ systems: { artifacts }, now }, what, { verdict, evidence: 'seen' }),
  };
}

test('a fault is believed once the check was healthy at that address', async () => {
  const { look, seen } = memory();
  const { verdict, evidence } = await look('faulty');
  assert.equal(verdict, 'unknown');
  assert.match(
    evidence,
    /^This check has never been healthy on this installation; verify its address \(https:\/\/dynex\.example\.com\) before trusting it\./,
  );
  assert.equal(await seen(), undefined);
  await look('healthy');
  assert.equal((await look('faulty')).verdict, 'faulty');
});

test('the last time is written at most once an hour, and the first time stays', async () => {
  const { look, seen, sleep, written } = memory();
  for (const _ of [1, 2, 3]) await look('healthy');
  assert.equal(written(), 1);
  await sleep(hour);
  await look('unknown');
  await look('faulty');
  assert.equal(written(), 1);
  await look('healthy');
  assert.equal(written(), 2);
  assert.deepEqual(await seen(), { first: '2026-11-24T03:00:00.000Z', last: '2026-11-24T04:00:00.000Z' });
});
