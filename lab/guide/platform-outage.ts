// How the guide walks through a P0 of the API: it is brought about, the alert is delivered, and there is one way out.
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';
import type { Practice } from '../practice/start.ts';
import { arm, type Ground } from '../scenarios/ground.ts';
import { answerUntil } from './answering.ts';
import { settledStep } from './following.ts';
import { deliver, type DeliveryResults } from './outage.ts';
import { tellReport } from './report.ts';
import { type Scenario, type Stage, stageOf, type Walking } from './stage.ts';
import { heading, stepLine, type Say } from './telling.ts';

export interface PlatformOutage {
  name: string;
  begin: (ground: Ground, say: Say) => Promise<void>;
  /** What the newcomer is to do, a line each. */
  told: readonly string[];
  /** Until recovery is measured. */
  wayOut: (stage: Stage, ground: Ground) => Promise<void>;
}

export const platformOutage = (outage: PlatformOutage): Scenario => ({
  name: outage.name,
  isRehearsed: false,
  expected: join(import.meta.dirname, '..', 'scenarios', `${outage.name}.expected.json`),
  users: ['nqba-runbooks', 'bob', 'you'],
  walk: walking => walk(walking, outage),
});

async function walk(walking: Walking, { begin, told, wayOut }: PlatformOutage) {
  const { practice, say } = walking;
  const ground = groundOf(practice);
  heading(say, 2, 'What happens to the API');
  await arm(ground, 'p0-critical-incident-response');
  await begin(ground, say);
  heading(say, 3, 'PlatformUnavailable is delivered');
  const delivery = { alert: 'PlatformUnavailable', firedAt: new Date(), sender: 'alertmanager-0' } as const;
  const incident = opened(walking, await deliver(practice.environment, delivery));
  if (incident === undefined) return tell(say, told);
  const stage = await stageOf(walking, incident);
  await immediateActions(stage);
  heading(say, 5, 'The way out');
  tell(say, told);
  await wayOut(stage, ground);
  heading(say, 6, 'Report');
  await deliver(practice.environment, { ...delivery, endedAt: new Date() });
  // The public page still speaks of the outage, where that was published.
  await answerUntil(stage, ({ state }) => state === 'closed');
  tellReport(say, await stage.following.until('the end', report => (report.state === 'closed' ? report : undefined)));
}

export const tell = (say: Say, lines: readonly string[]) => {
  for (const line of lines) say(`  ${line}`);
};

export function groundOf({ cluster, environment }: Practice): Ground {
  const { bob } = cluster.kubeconfigs;
  if (bob === undefined) throw new LabError('This scenario needs the platform that npm start makes.');
  return { kubeconfigs: { ...cluster.kubeconfigs, bob }, prometheus: environment.PROMETHEUS_URL ?? '' };
}

/** The incident's short name. @throws LabError with `--yes`, when there is none */
export function opened({ say, yes }: Walking, { alerts }: DeliveryResults): string | undefined {
  const [answer] = alerts;
  const said = `The intake answers: ${[answer?.result, answer?.reason].filter(Boolean).join(': ')}`;
  if (answer?.incident === undefined && yes) throw new LabError(said);
  say(`  ${answer?.incident === undefined ? said : `It opens the incident ${answer.incident}.`}`);
  return answer?.incident;
}

const pods = 'Check overall system health: pods';

async function immediateActions({ say, yes, following }: Stage) {
  heading(say, 4, 'Immediate Actions, side by side');
  const report = await following.until(pods, found => settledStep(found, pods) && found);
  for (const step of report.steps) say(stepLine(step));
  say('  Who is on it says so, here or on the pager; whoever answers a question has said so too:');
  say(`    runbooks ack ${following.name} --as YOU`);
  if (!yes) return;
  await following.acknowledge('ann');
  say('  --yes: ann acknowledges, and commands the incident.');
}
