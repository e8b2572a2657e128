// How the guide walks through delayed jobs: more come in than the workers take, and more workers drain the queue.
import { join } from 'node:path';
import { arm, type Ground, jobsThatWait, until } from '../scenarios/ground.ts';
import { answerUntil } from './answering.ts';
import { settledStep } from './following.ts';
import { deliver, setSystem } from './outage.ts';
import { groundOf, opened, tell } from './platform-outage.ts';
import { tellReport } from './report.ts';
import { isRecovered } from './scenes.ts';
import { type Scenario, type Stage, stageOf, type Walking } from './stage.ts';
import { heading, stepLine } from './telling.ts';

export const backlog: Scenario = {
  name: 'backlog',
  isRehearsed: false,
  expected: join(import.meta.dirname, '..', 'scenarios', 'backlog.expected.json'),
  users: ['nqba-runbooks', 'bob', 'you'],
  walk,
};

const told = [
  'The database and Dynex take more, so the floor of the workers is raised once without asking; more of them is a question.',
  'Say that the workers are the bottleneck, and approve the plan if the quota that it shows still has room.',
];

async function walk(walking: Walking) {
  const { practice, say } = walking;
  const ground = groundOf(practice);
  heading(say, 2, 'More jobs come in than the workers take');
  await arm(ground, 'delayed-jobs');
  await setSystem(practice.environment, 'api', 'busy');
  await until('more than 100 jobs wait', async () => (await jobsThatWait(ground)) > 100);
  say('  Customers submit twice as many jobs as usual: more than 100 wait.');
  heading(say, 3, 'JobQueueDeep is delivered');
  const delivery = { alert: 'JobQueueDeep', firedAt: new Date(), sender: 'alertmanager-0' } as const;
  const incident = opened(walking, await deliver(practice.environment, delivery));
  if (incident === undefined) return tell(say, told);
  const stage = await stageOf(walking, incident);
  await immediateResponse(stage);
  heading(say, 5, 'The cause, and more workers');
  tell(say, told);
  await answerUntil(stage, ({ phases }) => phases.some(({ title }) => title === 'Recovery'));
  await theQueueDrains(stage, ground);
  heading(say, 6, 'Report');
  await deliver(practice.environment, { ...delivery, endedAt: new Date() });
  await answerUntil(stage, ({ state }) => state === 'closed');
  tellReport(say, await stage.following.until('the end', report => (report.state === 'closed' ? report : undefined)));
}

const queue = 'Check Queue Status';

async function immediateResponse({ say, yes, following }: Stage) {
  heading(say, 4, 'Immediate Response, side by side');
  const report = await following.until(queue, found => settledStep(found, queue) && found);
  for (const step of report.steps) say(stepLine(step));
  say(`  Who is on it says so: runbooks ack ${following.name} --as YOU`);
  if (!yes) return;
  await following.acknowledge('ann');
  say('  --yes: ann acknowledges, and commands the incident.');
}

/** A raised floor is given back before the incident is called recovered, and then it is measured again. */
async function theQueueDrains(stage: Stage, ground: Ground) {
  const { practice, say } = stage;
  say(`  ${await jobsThatWait(ground)} jobs wait while more workers run. The rush is over.`);
  await setSystem(practice.environment, 'api', 'healthy');
  await until('fewer than 20 jobs wait', async () => (await jobsThatWait(ground)) < 20);
  say('  Fewer than 20 wait: recovery is measured, and the floor of the workers is given back.');
  await answerUntil(stage, isRecovered);
}
