/** One Dynex outage in a sandbox, told the same to any workflow: the usual world, and two answers at fixed times. */

import { resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowBundle } from '../../worker/bundle.ts';
import { type Command, type Execution, Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { VirtualServer, type World } from '../../worker/rehearsal/virtual-server.ts';
import { activityTypes } from '../support/activity-types.ts';
import { type Answers, aStart, anAlert, dynexDown, minutes, threeAtNight, worldOf } from '../support/rehearsing.ts';

/** The code of our workflows, or of those in a file. */
export async function codeOf(file?: string): Promise<string> {
  const bundle = file
    ? bundleWorkflowCode({ workflowsPath: resolve(file), logger: new DefaultLogger('ERROR') })
    : workflowBundle();
  return (await bundle).code;
}

export const sandboxOf = (code: string) => Sandbox.load(code, activityTypes);

const decided = (after: number, question: string, choice: string) => ({
  at: threeAtNight + after,
  signal: 'decide',
  args: [{ question, choice, by: 'ann' }],
});

const said = [
  { at: threeAtNight, signal: 'alert', args: [anAlert()] },
  decided(3000, 'what-is-the-cause', 'Dynex Platform Issue'),
  decided(minutes(15), 'gradual-rollback-100', 'approve'),
  { at: threeAtNight + minutes(40), signal: 'alert', args: [anAlert({ status: 'resolved' })] },
];

let runs = 0;

/** Opens the incident, up to its first question: nobody has answered yet. */
export async function opened(sandbox: Sandbox, world: Record<string, Answers> = {}) {
  runs += 1;
  const init = { type: 'dynexOutage', workflowId: 'incident:dynex-outage:bench', runId: `bench-${runs}`, args: [aStart()] };
  const execution = await sandbox.open({ ...init, at: threeAtNight, keywords: { NqbaState: 'triggered' } });
  const answers: World = worldOf({ ...dynexDown, ...world });
  const server = new VirtualServer(answers, threeAtNight);
  for (const { at, signal, args } of said) server.send(at, signal, args);
  server.obey(await execution.activate(server.now, [execution.starting(), ...server.dueNow()]));
  await advance(execution, server, threeAtNight + 2500);
  return { execution, server };
}

/** The whole incident; its commands. Throws when it does not end. */
export async function whole(sandbox: Sandbox, world: Record<string, Answers> = {}): Promise<Command[][]> {
  const { execution, server } = await opened(sandbox, world);
  await advance(execution, server, Number.POSITIVE_INFINITY);
  if (!server.closed) throw new Error('The workflow did not end: it must take the signals decide and alert as ours does.');
  await execution.evict();
  if (execution.differing.size > 0) throw new Error('The workflow is not deterministic.');
  await execution.dispose();
  return execution.tasks.map(({ commands }) => commands);
}

async function advance(execution: Execution, server: VirtualServer, until: number) {
  while (!server.closed && server.advance(until)) server.obey(await execution.activate(server.now, server.dueNow()));
}
