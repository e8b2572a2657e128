/** Dynex Outage as one would write it by hand, with Temporal alone: the same activities in the same order, and people's two answers. */

import { condition, defineQuery, defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Alert, Decision, Start } from '../../workflows/contract/index.ts';

type Flat = Activities['kubernetes'] &
  Activities['quantum'] &
  Activities['comms'] &
  Activities['oncall'] &
  Activities['observe'] &
  Activities['record'] &
  Activities['looking'];

const retry = { initialInterval: '1 second', maximumInterval: '20 seconds' } as const;
const { dynexStatus, rollouts, probeDynex, dynexKey, jobs, canary, recovered } = proxyActivities<Flat>({
  scheduleToCloseTimeout: '30 seconds',
  retry: { ...retry, maximumAttempts: 3 },
});
const { declareIncident, page, announce, setStatusPage, tellCustomers, resolveIncident, saveReport } = proxyActivities<
  Omit<Flat, 'saveReport'> & { saveReport: (input: { report: { steps: string[] } }) => Promise<unknown> }
>({
  scheduleToCloseTimeout: '90 seconds',
  retry: { ...retry, maximumAttempts: 4 },
});
const { setFallback } = proxyActivities<Flat>({ startToCloseTimeout: '5 minutes', heartbeatTimeout: '15 seconds', retry });
const { watch } = proxyActivities<Flat>({ startToCloseTimeout: '4 hours', heartbeatTimeout: '30 seconds', retry });

const decide = defineSignal<[Decision]>('decide');
const alert = defineSignal<[Alert]>('alert');
const progress = defineQuery<string[]>('progress');

const degraded = { component: 'quantum', status: 'degraded_performance' } as const;
const minutes = (count: number) => count * 60_000;

export async function dynexOutage(start: Start): Promise<string[]> {
  const done: string[] = [];
  const answers = new Map<string, string>();
  let firing = true;
  let heard = 0;
  setHandler(decide, ({ question, choice }) => {
    heard = Date.now();
    if (!answers.has(question)) answers.set(question, choice);
  });
  setHandler(alert, ({ status }) => void (firing = status === 'firing'));
  setHandler(progress, () => done);
  const { firstExecutionRunId, workflowId } = workflowInfo();
  const { startsAt: fired, annotations } = start.alert;
  const summary = annotations.summary ?? '';
  const about = { incident: start.name, runbook: 'Dynex Outage', severity: 'P1', summary, fired, workflowId } as const;
  const call = (step: string) => ({ key: `${firstExecutionRunId}/${step}` });
  const say = (step: string) => ({ ...call(step), about });
  const ask = (title: string, choices: string[], id: string) => {
    const command = `temporal workflow signal -w ${workflowId} --name decide --input '{"question":"${id}"}'`;
    return announce({ question: { title, owner: 'commander', choices, command }, reminder: 0 }, say(id)).then(note(title));
  };
  const note =
    <T>(step: string) =>
    (result: T) => {
      done.push(`${new Date().toISOString()} ${step}: ${JSON.stringify(result)}`);
      return result;
    };

  await Promise.all([
    declareIncident({ title: 'Dynex Outage' }, say('declare')).then(note('Declare Incident')),
    page({ roles: ['primary', 'quantum'] }, say('page')).then(note('Notify Team')),
    setStatusPage({ ...degraded, text: 'degraded' }, say('page degraded')).then(note('Update Status Page')),
    setFallback({ enabled: true }, call('fallback on')).then(note('Activate Circuit Breaker')),
  ]);
  const steady = { every: minutes(1), for: minutes(5), atLeast: 5 };
  const told = watch({ check: 'jobs', input: { solver: 'classical' }, watching: steady })
    .then(note('measured'))
    .then(() => setStatusPage({ ...degraded, text: 'quantum-fallback', share: 1 }, say('page measured')))
    .then(note('Update Status Page: measured'));
  await Promise.all([
    dynexStatus({}).then(note('Check Dynex Status Page')),
    rollouts({ workloads: ['api', 'worker', 'batch'], before: start.alert.startsAt }).then(note('Review Recent Changes')),
    probeDynex({}).then(note('Test Connectivity')),
    dynexKey({}).then(note('Check Credentials')),
  ]);
  await ask('What is the cause?', ['Dynex Platform Issue', 'Network/Configuration Issue'], 'what-is-the-cause');
  await condition(() => answers.has('what-is-the-cause'), '4 hours');
  await tellCustomers({ text: 'dynex-eta' }, say('eta')).then(note('Update customers'));
  await jobs({ solver: 'classical', successRate: 0.95 }).then(note('Continue using classical fallback'));
  const patience = { every: minutes(2), for: minutes(15), atLeast: 5, upTo: minutes(240) };
  await watch({ check: 'dynexStatus', input: {}, watching: patience }).then(note('Monitor Dynex status page'));
  await told;

  await canary({ solver: 'dynex' }).then(note('Gradual Rollback: canary'));
  const planned = await setFallback({ enabled: false }, call('fallback off')).then(note('Gradual Rollback: 100%'));
  await Promise.all([
    Date.now() - heard < minutes(10) || page({ roles: ['commander'] }, say('page commander')).then(note('Page commander')),
    ask('Gradual Rollback: 100%', ['approve', 'skip'], 'gradual-rollback-100'),
  ]);
  await condition(() => answers.has('gradual-rollback-100'));
  const approved = 'planned' in planned ? { approved: planned.planned.digest } : {};
  await setFallback({ enabled: false }, { ...call('fallback off'), ...approved }).then(note('Gradual Rollback: 100%'));
  const stage = { every: minutes(1), for: minutes(10), atLeast: 5 };
  await watch({ check: 'jobs', input: { solver: 'dynex' }, watching: stage }).then(note('Verify Quantum Jobs Resume'));
  await Promise.all([
    setStatusPage({ component: 'quantum', status: 'operational', text: 'dynex-resolved' }, say('page operational')),
    tellCustomers({ text: 'dynex-resolved' }, say('customers resolved')),
    recovered({ of: 'dynex-outage' }).then(note('Recovery criteria')),
  ]);
  await condition(() => !firing, start.platform.quietMinutes.P1 * start.platform.pace * 60_000);
  await resolveIncident({ summary: 'recovered' }, say('resolve')).then(note('Announce the resolution'));
  await saveReport({ report: { steps: done } });
  return done;
}
