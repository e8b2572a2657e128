/** Runbooks of one or two words, as tests need them: no written runbook uses every word in every way. */

import { operation, runbook } from '../../../workflows/kit/index.ts';
import { criticalTitle, operationTitle, outageTitle, settingTitle } from './catalog.ts';

export { outage } from './outage.ts';

/** A name is asked for, and what was answered is the title of the check that follows. */
export const naming = runbook(outageTitle, async ({ ask, check }) => {
  const options = { owner: 'security', otherwise: 'by hand', by: '1 hour' } as const;
  const name = await ask('Which Secret holds the new key?', { text: 'secret name' }, options);
  await check(`Check Credentials: ${name}`).quantum.dynexKey({});
});

export const confirming = runbook(outageTitle, async ({ task, check }) => {
  await task('Tell the vendor', { owner: 'quantum', confirm: 'The vendor has a ticket', by: '30 minutes' });
  await check('Check Credentials').quantum.dynexKey({});
});

/** A breaker that closes by itself. */
export const briefly = runbook(outageTitle, async ({ step }) => {
  await step('Activate Circuit Breaker', { until: '30 minutes' }).quantum.setFallback({ enabled: true });
});

export const untilNoon = runbook(outageTitle, async ({ step }) => {
  const until = new Date('2026-11-24T12:00:00Z');
  await step('Activate Circuit Breaker', { until }).quantum.setFallback({ enabled: true });
});

/** What takes four eyes: the finance team's, and the management's. */
export const charging = runbook(outageTitle, async ({ step, ask }) => {
  await step('Reverse incorrect charges', { approver: 'finance', second: 'management' }).quantum.setFallback({ enabled: false });
  const options = { owner: 'finance', second: 'management', otherwise: 'no', by: '1 hour' } as const;
  await ask('Charge again?', ['yes', 'no'], options);
});

/** Four questions at once: three for one role, and one for another. */
export const asking = runbook(outageTitle, async ({ step, ask }) => {
  await step('Notify Team').oncall.page({ roles: ['primary'] });
  const options = { owner: 'finance', otherwise: 'no', by: '1 hour' } as const;
  await Promise.all([
    ask('Refund?', ['yes', 'no'], options),
    ask('Refund more?', ['yes', 'no'], options),
    step('Reverse incorrect charges', { approver: 'finance' }).quantum.setFallback({ enabled: false }),
    ask('Tell the vendor?', ['yes', 'no'], { ...options, owner: 'quantum' }),
  ]);
});

/** People hear of it after ten minutes. */
export const later = runbook(outageTitle, async ({ watch, step, ask }) => {
  await watch('Monitor Dynex status page', { every: '1 minute', for: '10 minutes', atLeast: 5 }).quantum.dynexStatus({});
  await step('Notify Team').oncall.page({ roles: ['primary', 'quantum'] });
  await ask('Anything else?', ['no'], { owner: 'commander', otherwise: 'no', by: '10 hours' });
});

/** Something is left to do, to look at and to ask after the remedy. */
export const afterwards = runbook(outageTitle, async ({ check, step, ask, phase, remedy }) => {
  const investigate = async () => {
    const { evidence } = await check('Check Dynex Status Page').quantum.dynexStatus({});
    return { why: evidence, ruledOut: [] };
  };
  const causes = { 'Dynex Platform Issue': () => check('Test Connectivity').quantum.probeDynex({}) };
  const recovered = () => check('Verify Quantum Jobs Resume').quantum.jobs({ solver: 'dynex' });
  await check('Review Recent Changes').quantum.dynexKey({});
  await remedy(investigate, causes, { owner: 'commander', recovered });
  await phase('Afterwards', async () => {
    await ask('Anything to tell?', ['yes', 'no'], { owner: 'commander', otherwise: 'no', by: '1 minute' });
    await step('Update Status Page').comms.setStatusPage({ component: 'quantum', status: 'operational', text: 'dynex-resolved' });
    await check('Check Credentials').quantum.dynexKey({});
  });
});

const opens = new Date('2026-11-24T04:00:00Z');
const closes = new Date('2026-11-24T06:00:00Z');

/** A window that opens an hour later, and closes after two. */
export const inWindow = runbook(outageTitle, async ({ phase, ask, task, check }) => {
  await phase('Prepare', { from: '30 minutes', by: opens }, () => check('Check Credentials').quantum.dynexKey({}));
  const choices = ['go', 'no-go'] as const;
  const go = await ask('Go or no-go?', choices, { owner: 'operations', otherwise: 'no-go', by: opens });
  await phase('Maintenance', { from: opens, by: closes, warn: '90 minutes' }, () =>
    task(`Maintenance work: ${go}`, { owner: 'operations', confirm: 'The work is done' }),
  );
});

/** Something goes on beside the body, and is never waited for. */
export const forgetful = runbook(outageTitle, async ({ step, task, check }) => {
  const tell = async () => {
    await task('Call the vendor', { owner: 'quantum', confirm: 'The vendor has been called' });
    await step('Activate Circuit Breaker').quantum.setFallback({ enabled: true });
  };
  void tell();
  await check('Check Credentials').quantum.dynexKey({});
});

/** What is left to people when its phase is overdue has another step after it. */
export const leaving = runbook(outageTitle, async ({ phase, step }) => {
  await phase('Immediate Response', { by: '5 minutes' }, async () => {
    await step('Activate Circuit Breaker').quantum.setFallback({ enabled: true });
    await step('Activate Circuit Breaker: again').quantum.setFallback({ enabled: true });
  });
});

/** Of a severity that wakes its first rung at once. */
export const critical = runbook(criticalTitle, async ({ step }) => {
  await step('Notify Team').oncall.page({ roles: ['primary'] });
});

/** A change that nothing of the body restores. */
export const mitigating = runbook('Dynex Outage', async ({ step }) => {
  await step('Activate Circuit Breaker').quantum.setFallback({ enabled: true });
});

/** A runbook of one's own that changes a setting, and ends. */
export const settingAndEnding = runbook(settingTitle, async ({ step }) => {
  const values = { QUANTUM_TIMEOUT: '300' };
  await step('Raise the timeout', { approver: 'quantum' }).kubernetes.setConfigMap({ configMap: 'quantum', values });
});

/** What is said in public before a mitigation, and after it. */
export const stating = runbook('Dynex Outage', async ({ step, ask }) => {
  const page = { component: 'quantum', status: 'degraded_performance' } as const;
  await step('Update Status Page').comms.setStatusPage({ ...page, text: 'degraded' });
  await step('Activate Circuit Breaker').quantum.setFallback({ enabled: true });
  await step('Update Status Page: measured').comms.setStatusPage({ ...page, text: 'quantum-fallback', share: 1 });
  await ask('Anything else?', ['no'], { owner: 'commander', otherwise: 'no', by: '10 hours' });
});

/** A list is frozen in each round, and an action takes it. */
export const listing = runbook(outageTitle, async ({ check, step, remedy }) => {
  const investigate = async () => {
    const { evidence } = await check('Check Worker Pods').kubernetes.pods({ freeze: 'stuck pods' });
    return { why: evidence, ruledOut: [] };
  };
  const causes = { 'Dynex Platform Issue': () => step('Restart stuck workers').kubernetes.deletePods({ list: 'stuck pods' }) };
  const recovered = () => check('Verify Quantum Jobs Resume').quantum.jobs({ solver: 'dynex' });
  await remedy(investigate, causes, { owner: 'commander', recovered });
});

/** Nobody looked for what it is to work through. */
export const unlisted = runbook(outageTitle, async ({ step }) => {
  await step('Restart stuck workers').kubernetes.deletePods({ list: 'stuck pods' });
});

const replicas = { type: 'number', whole: true, least: 2, most: 10, usual: 4, help: 'fewest replicas' } as const;
const solver = { type: 'choice', choices: ['dynex', 'classical'], help: 'whose jobs are checked' } as const;

/** No alert, and of each word something: what it is started with, and its time, stand in titles and inputs. */
export const tidying = operation(operationTitle, { replicas, solver }, async (words, values, at) => {
  const { phase, step, check, task, ask } = words;
  await phase('Check', { by: '15 minutes' }, async () => {
    await check(`Check Jobs: ${at.toISOString()}`).quantum.jobs({ solver: values.solver ?? 'dynex' });
    await task('Tell the vendor', { owner: 'quantum', confirm: 'The vendor has a ticket', by: '10 minutes' });
  });
  await step('Notify Team').oncall.page({ roles: ['operations'] });
  await step('Raise the floor').kubernetes.raiseFloor({ workload: 'worker', atLeast: values.replicas });
  await task('Update Documentation', { owner: 'operations', confirm: 'The page says so', blocks: false });
  await ask('Anything else?', ['yes', 'no'], { owner: 'operations', otherwise: 'no', by: '1 hour' });
});

/** It leaves a question behind when its phase is overdue. */
export const leavingBehind = operation(operationTitle, {}, async ({ phase, step }) => {
  await phase('Change', { by: '5 minutes' }, () =>
    step('Raise the floor').kubernetes.raiseFloor({ workload: 'worker', atLeast: 4 }),
  );
});

export const failing = operation(operationTitle, {}, async ({ check }) => {
  await check('Check Jobs').quantum.jobs({ solver: 'dynex' });
  throw new Error('a bug');
});
