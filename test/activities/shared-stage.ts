/** One stage for the suites of a file: a cluster costs ten seconds of a processor. */

import { type Stage, stage } from './stage.ts';

let shared: Promise<Stage> | undefined;

/** As it was at first. */
export async function sharedStage(): Promise<Stage> {
  shared ??= stage();
  const on = await shared;
  await on.reset();
  return on;
}

export const stopSharedStage = async () => (await shared)?.stop();
