/** The incident that people mean by what they type. */

import { NotFound, Usage } from './errors.ts';

export interface Named {
  name: string;
  workflowId: string;
  runId: string;
  open: boolean;
  /** A later run has its name: it was reset. */
  replaced?: boolean;
}

/**
 * The one that `text` means: its name, its workflow or run id, or the beginning of exactly one name or workflow id; where
 * several begin so, the only one that is open. Newest first. Throws `NotFound` or `Usage`.
 */
export function meant<N extends Named>(incidents: readonly N[], text: string): N {
  const exact = incidents.find(({ name, workflowId, runId }) => [name, workflowId, runId].includes(text));
  if (exact) return exact;
  const begun = incidents.filter(
    ({ name, workflowId, replaced }) => !replaced && (name.startsWith(text) || workflowId.startsWith(text)),
  );
  const [first, ...others] = begun;
  if (!first || text === '') throw new NotFound(`No incident is called ${JSON.stringify(text)}. See: runbooks list --all`);
  const [open, ...alsoOpen] = begun.filter(one => one.open);
  if (others.length === 0) return first;
  if (open && alsoOpen.length === 0) return open;
  const names = begun.slice(0, 5).map(({ name }) => name);
  throw new Usage(`${JSON.stringify(text)} may mean ${begun.length} incidents: ${names.join(', ')}. Type one of them.`);
}
