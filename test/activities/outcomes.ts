/** What tests read of an outcome and of the cluster. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { restartStamp } from '../../activities/engine/templates.ts';
import type { About, Outcome, Plan, Receipt } from '../../workflows/contract/index.ts';
import { at, type KubeObject, type Stage } from './stage.ts';

export function done(outcome: Outcome): Receipt {
  assert.ok('done' in outcome, JSON.stringify(outcome));
  return outcome.done;
}

export function planned(outcome: Outcome): Plan {
  assert.ok('planned' in outcome, JSON.stringify(outcome));
  return outcome.planned;
}

export function byHand(outcome: Outcome) {
  assert.ok('byHand' in outcome, JSON.stringify(outcome));
  return outcome.byHand;
}

export const because = (outcome: Outcome) => ('planned' in outcome ? outcome.because.reason : JSON.stringify(outcome));

/** All that the breaker may touch: the setting, the records, the templates, and the restart stamps apart. */
export async function worldOf(on: Stage) {
  const [config, worker, batch] = await Promise.all([at.config, at.worker, at.batch].map(path => on.you.get(path)));
  assert.ok(config && worker && batch);
  return {
    data: config.data ?? {},
    records: [config, worker, batch].map(recordsOf),
    templates: { worker: templateOf(worker), batch: templateOf(batch) },
    stamps: { worker: stampOf(worker), batch: stampOf(batch) },
  };
}

const recordsOf = ({ metadata }: KubeObject) =>
  Object.keys(metadata.annotations).filter(name => name.startsWith('nqba-runbooks/')).length;

const template = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.unknown(),
});

function templateOf({ spec }: KubeObject) {
  const { metadata, ...rest } = template.parse(spec?.template);
  const { [restartStamp]: _, ...annotations } = metadata.annotations ?? {};
  return { ...rest, metadata: { ...metadata, annotations } };
}

const stampOf = ({ spec }: KubeObject) => template.parse(spec?.template).metadata.annotations?.[restartStamp];

/** What messages say of the incident they belong to. */
export const about: About = {
  incident: 'dynex-outage-20261124-k7fp',
  runbook: 'Dynex Outage',
  severity: 'P1',
  summary: 'No probe reaches Dynex',
  fired: '2026-11-24T03:00:00Z',
  workflowId: 'incident:dynex-outage:nqba-production',
};
