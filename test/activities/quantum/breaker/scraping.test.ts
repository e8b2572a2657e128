/** A Prometheus that scrapes once a minute: the effect is measured when it can be seen, rather than not at all. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { contextOf } from '../../../../activities/engine/activity.ts';
import { restartStamp } from '../../../../activities/engine/templates.ts';
import { deployments } from '../../../../activities/connectors/resources.ts';
import { workloadOf } from '../../../../activities/platform.ts';
import { everyJobOn } from '../../../../activities/quantum/breaker/measure.ts';
import type { View } from '../../../../activities/quantum/breaker/view.ts';
import { prometheus } from '../../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../../lab/stand-ins/stand-in.ts';
import type { World } from '../../../../lab/world.ts';
import { aPlatform, connected, running, virtualClock } from '../../bare.ts';

const key = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const minute = 60_000;
const configured = { workload: 'worker', solver: 'classical', fallback: true } as const;

/** The former pods went when the new one came, 20 seconds ago. */
async function measured(scrapeEvery: number) {
  // Right after a scrape: the next but one is two minutes away.
  const clock = virtualClock(Date.parse('2026-11-24T03:00:21Z'));
  const born = clock.now() - 20_000;
  const former = { ...configured, pod: 'w-0', uid: '0', solver: 'dynex', since: born - 30 * minute, until: born } as const;
  const world: World = { pods: [former, { ...configured, pod: 'w-1', uid: '1', since: born }], systems: [] };
  const around = surroundings({ now: clock.now });
  const pod = {
    metadata: { name: 'w-1', creationTimestamp: new Date(born).toISOString(), annotations: { [restartStamp]: key } },
    spec: { containers: [{ name: 'worker' }] },
    status: { phase: 'Running' },
  };
  const systems = connected(
    {
      kubernetes: { fetch: () => Response.json({ items: [pod] }) },
      prometheus: { url: 'http://prometheus', fetch: prometheus(around, () => world, scrapeEvery).fetch },
    },
    clock,
  );
  const context = contextOf({ platform: aPlatform, systems, ...clock, running }, { key });
  const workload = workloadOf(aPlatform, 'worker');
  const deployment = deployments.schema.parse({
    metadata: { name: workload.name },
    spec: { template: { spec: { containers: [] } } },
  });
  const seen = { workload, deployment, pods: [], reads: ['QUANTUM_BACKEND'], follows: false };
  const view: View = {
    place: { namespace: 'q', name: 'c' },
    configMap: { metadata: deployment.metadata, data: {} },
    workloads: [seen],
  };
  return everyJobOn('classical')(view, {}, context, { writes: [], remarks: [], proofs: [] });
}

for (const every of [15_000, 30_000, 60_000])
  test(`scraped each ${every / 1000} s the effect is seen`, async () => {
    const { measured: word, text } = await measured(every);
    assert.equal(word, 'whole', text);
    assert.match(text, /\d+ of \d+ jobs started since ran on classical_dimod/);
  });
