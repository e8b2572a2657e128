import type { Finding, Watching } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';

export interface WatchInput {
  /** Activity type of a check: `probeDynex`. */
  check: string;
  input: object;
  watching: Watching;
}

/** A check by its activity type. */
export type FindCheck = (type: string) => ((input: never) => Promise<Finding>) | undefined;

export const lookingActivities = (_deps: Deps, _find: FindCheck) => ({
  async watch(_input: WatchInput): Promise<Finding> {
    throw new Error('not written');
  },
});
