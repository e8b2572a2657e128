// The guided outage of Dynex, from the alert to the report.
import { join } from 'node:path';
import { setSystem } from './outage.ts';
import {
  cause,
  ended,
  immediateResponse,
  measured,
  nothingLeft,
  pagerDutyComesBack,
  relapse,
  twoSendersDeliver,
  wayBack,
  workerIsKilled,
} from './scenes.ts';
import { type Scenario, type Stage, stageOf, type Walking } from './stage.ts';
import { heading } from './telling.ts';

export const dynexOutage: Scenario = {
  name: 'dynex-outage',
  isRehearsed: true,
  expected: join(import.meta.dirname, 'expected.json'),
  users: ['nqba-runbooks', 'bob'],
  async walk(walking) {
    await nothingLeft(await untilTheReport(walking));
  },
};

/** All but the last scene, which undoes what is left. */
export async function untilTheReport(walking: Walking): Promise<Stage> {
  const { practice, since, say } = walking;
  const { environment } = practice;
  await setSystem(environment, 'pagerduty', 'down');
  await setSystem(environment, 'dynex', 'down');
  heading(say, 2, 'Two senders deliver DynexHealthCheckFailed fifty times');
  const { incident, absorbed } = await twoSendersDeliver(environment, since);
  say(`  One incident, ${incident}; ${absorbed} deliveries absorbed.`);
  const stage = await stageOf(walking, incident);
  await pagerDutyComesBack(stage);
  await immediateResponse(stage);
  await measured(stage);
  await workerIsKilled(stage);
  await cause(stage);
  await relapse(stage);
  await wayBack(stage);
  await ended(stage, since);
  return stage;
}
