/** Runbooks that can be rehearsed. */

import { isWritten, runbooks, type Written } from '../../workflows/catalog/index.ts';

/** It cannot be rehearsed; the message says what is wrong, and where. */
export class ScenarioError extends Error {
  override name = 'ScenarioError' as const;
}

/** Throws `ScenarioError` where there is none of that name, or it is not written yet. */
export function writtenRunbook(slug: string): Written {
  const runbook = runbooks.find(one => one.slug === slug);
  if (runbook && isWritten(runbook)) return runbook;
  const written = runbooks.filter(isWritten).map(one => one.slug);
  const what = runbook ? `${slug} is not written as a workflow yet` : `The catalog has no runbook ${slug}`;
  throw new ScenarioError(`${what}. These can be rehearsed: ${written.join(', ')}.`);
}
