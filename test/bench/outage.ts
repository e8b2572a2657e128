/** One Dynex outage in a sandbox, told the same to any workflow: the usual world, and two answers at fixed times. */

import { resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import {
  inModernJavaScript,
  interceptorModules,
  payloadConverterPath,
  sharedModules,
  workflowBundle,
} from '../../worker/bundle.ts';
import { type Command, type Execution, Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { VirtualServer, type World } from '../../worker/rehearsal/virtual-server.ts';
import type { Alert, Decision } from '../../workflows/contract/index.ts';
import { activityNames } from '../../workflows/catalog/activities.ts';
import { aFoundStart, type Answers, anAlert, dynexDown, minutes, threeAtNight, worldOf } from '../support/rehearsing.ts';

/** The code of our workflows. */
export const ourCode = async () => (await workflowBundle()).code;

const quiet = { logger: new DefaultLogger('ERROR') };

/** The code of workflows by hand. */
export const codeByHand = async (file: string) => (await bundleWorkflowCode({ workflowsPath: resolve(file), ...quiet })).code;

/** The code of other runbooks in our words. */
export const codeInOurWords = async (file: string) =>
  (
    await bundleWorkflowCode({
      workflowsPath: resolve(file),
      payloadConverterPath,
      workflowInterceptorModules: interceptorModules,
      webpackConfigHook: inModernJavaScript,
      preloadModules: ['@temporalio/common', '@temporalio/workflow', ...sharedModules()],
      ...quiet,
    })
  ).code;

export const sandboxOf = (code: string) => Sandbox.load(code, activityNames);

export const theCause: Decision = { question: 'what-is-the-cause', choice: 'Dynex Platform Issue', by: 'ann' };
export const theWayBack: Decision = { question: 'gradual-rollback-100', choice: 'approve', by: 'ann' };

const said = (alert: Alert) => [
  { at: threeAtNight, signal: 'alert', args: [alert] },
  { at: threeAtNight + 3000, signal: 'decide', args: [theCause] },
  { at: threeAtNight + minutes(15), signal: 'decide', args: [theWayBack] },
  { at: threeAtNight + minutes(40), signal: 'alert', args: [{ ...alert, status: 'resolved' }] },
];

export interface Outage {
  type?: string;
  alert?: Alert;
  world?: Record<string, Answers>;
}

let runs = 0;

/** Opens the incident, up to its first question: nobody has answered yet. */
export async function opened(sandbox: Sandbox, { type = 'dynexOutage', alert = anAlert(), world = {} }: Outage = {}) {
  runs += 1;
  const init = { type, workflowId: 'incident:dynex-outage:bench', runId: `bench-${runs}`, args: [aFoundStart(alert)] };
  const execution = await sandbox.open({ ...init, at: threeAtNight });
  const answers: World = worldOf({ ...dynexDown, ...world });
  const server = new VirtualServer(answers, threeAtNight);
  for (const { at, signal, args } of said(alert)) server.send(at, signal, args);
  server.obey(await execution.activate(server.now, [execution.starting(), ...server.dueNow()]));
  await advance(execution, server, threeAtNight + 2500);
  return { execution, server };
}

/** The whole incident, kept. Throws when it does not end. */
export async function ended(sandbox: Sandbox, outage: Outage = {}): Promise<Execution> {
  const { execution, server } = await opened(sandbox, outage);
  await advance(execution, server, Number.POSITIVE_INFINITY);
  if (!server.closed) throw new Error('The workflow did not end: it must take the signals decide and alert as ours does.');
  return execution;
}

/** The whole incident, replayed and forgotten; its commands. */
export async function whole(sandbox: Sandbox, outage: Outage = {}): Promise<Command[][]> {
  const execution = await ended(sandbox, outage);
  await replay(execution);
  await execution.dispose();
  return execution.tasks.map(({ commands }) => commands);
}

/** Nothing but what the sandbox does: every workflow task of the incident once more. */
export async function replay(execution: Execution) {
  await execution.evict();
  if (execution.differing.size > 0) throw new Error('The workflow is not deterministic.');
}

async function advance(execution: Execution, server: VirtualServer, until: number) {
  while (!server.closed && server.advance(until)) server.obey(await execution.activate(server.now, server.dueNow()));
}
