import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `temporal workflow …` on a practice platform: its output. */
export async function temporal(environment: Record<string, string | undefined>, ...args: string[]): Promise<string> {
  const { TEMPORAL_CLI = 'temporal', TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = environment;
  const where = ['--address', TEMPORAL_ADDRESS, '--namespace', TEMPORAL_NAMESPACE];
  return (await run(TEMPORAL_CLI, ['workflow', ...args, ...where], { maxBuffer: 2 ** 26 })).stdout;
}

/** Begins again from this event; what came after it, messages too, is gone. */
export const resetTo = (environment: Record<string, string | undefined>, workflowId: string, event: string) =>
  temporal(environment, 'reset', '-w', workflowId, '--event-id', event, '--reason', 'a drill', '--reapply-exclude', 'All');
