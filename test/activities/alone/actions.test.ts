/** With only Kubernetes and Prometheus connected, each action of the list that runs is planned by the API server. */

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { isAction } from '../../../workflows/catalog/activities.ts';
import type { Outcome } from '../../../workflows/contract/index.ts';
import type { Case, Prepared } from '../harness/case.ts';
import { cases } from '../harness/cases/index.ts';
import { type Stage, stage } from '../stage.ts';
import { called } from './list.ts';

const connected = ['kubernetes', 'prometheus'];

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());

const nameOf = (activity: string) => activity.split('.')[1] ?? '';
const actions = new Set(
  called.filter(({ activity, alone }) => alone === 'runs' && isAction(nameOf(activity))).map(({ activity }) => activity),
);

async function situationOf(of: Case, prepared: Prepared) {
  const { act, ...more } = await of.world(prepared);
  return { act, systems: more.systems ?? {} };
}

/** As its case in the harness calls it. */
async function planOf(action: string): Promise<Outcome> {
  await on.reset();
  const incident = crypto.randomUUID();
  const key = `${incident}/Phase/Step/1`;
  const options = { folder: incident, connected };
  const of = cases.find(({ name }) => name === action) ?? assert.fail(`${action} has no case`);
  const prepared = { on, worker: on.worker(options), incident, key, carriedOut: () => assert.fail('nothing is carried out') };
  const { act, systems } = await situationOf(of, prepared);
  return act(on.worker({ ...options, systems }), { key, dryRun: true });
}

for (const activity of actions)
  test(`${activity} runs`, async () => {
    const outcome = await planOf(nameOf(activity));
    assert.ok('planned' in outcome && outcome.planned.changes.length > 0, JSON.stringify(outcome));
  });
