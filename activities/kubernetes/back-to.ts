/** The revision that a rollback would go back to as things are now, or why there is none. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { RolloutsFacts } from '../facts.ts';
import { limits } from '../limits.ts';
import { workloadOf } from '../platform.ts';
import { isRolledBack, lookAtRevisions, type RevisionView } from './revision-view.ts';
import { type Candidate, longestServing, madeText, named, whyNot } from './revisions.ts';

/** Why there is none, without a full stop. */
export interface None {
  none: string;
  isOnly?: true;
}

export function revisionToGoBackTo({ now, candidates, unsampled }: RevisionView, moment: number): Candidate | None {
  const name = targetName(now.target);
  if (candidates.length === 0) return { none: `${name} has only one revision, so there is none to go back to`, isOnly: true };
  const found = longestServing(candidates);
  if (found) return found;
  const all = candidates.map(one => `${named(one)}: ${whyNot(one)}; ${madeText(one, moment)}.`);
  const said = [`No revision of ${name} is proposed.`, ...(unsampled === undefined ? [] : [unsampled]), ...all].join(' ');
  return { none: said.replace(/\.$/, '') };
}

/** Nothing where it cannot be looked at, or not soon: the rollback itself says what is in its way. */
export async function backTo(kubernetes: Kubernetes, deps: Deps, role: Workload): Promise<RolloutsFacts['backTo']> {
  if (!isRolledBack(workloadOf(deps.platform, role))) return undefined;
  const over = new AbortController();
  const late = deps.sleep(limits.backTo, over.signal).then(() => undefined);
  try {
    const view = await Promise.race([lookAtRevisions(role, { kubernetes, deps }), late]);
    const found = view && revisionToGoBackTo(view, deps.now());
    return found && ('none' in found ? { revision: null, because: found.none } : { revision: found.number });
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  } finally {
    over.abort();
  }
}
