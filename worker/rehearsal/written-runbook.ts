/** What can be rehearsed at all. */

import { runbook as inCatalog, isWritten, type Written } from '../../workflows/catalog/index.ts';

/** It cannot be rehearsed; the message says what is wrong, and where. */
export class ScenarioError extends Error {
  override name = 'ScenarioError' as const;
}

/** Throws `ScenarioError` where there is none of that name, or it is not written yet. */
export function writtenRunbook(slug: string): Written {
  try {
    const runbook = inCatalog(slug);
    if (isWritten(runbook)) return runbook;
  } catch (error) {
    throw new ScenarioError(`${error instanceof Error ? error.message : ''} See: runbooks rehearse --help`, { cause: error });
  }
  throw new ScenarioError(`${slug} is not written as a workflow yet: there is nothing to rehearse.`);
}
