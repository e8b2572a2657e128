/** A draft as people read it: who takes the key from where, in which order, what restarts. */

import type { Change, Plan } from '../../workflows/contract/action.ts';
import { basis, ownersOf, restarts } from '../setting/plan.ts';
import { objectName } from '../setting/view.ts';
import { type KeyDraft, keyDigest, type KeyStep } from './draft.ts';
import type { KeyedWorkload, KeyView } from './view.ts';

interface Told {
  summary: string;
  env: string;
  /** Jobs that run now by pod; nothing when it is not known. */
  inFlight: Map<string, number> | undefined;
  remarks: string[];
}

export function planOf(draft: KeyDraft, view: KeyView, { summary, env, inFlight, remarks }: Told): Plan {
  const rolled = rolling(draft, view).map(({ seen }) => seen);
  const unmoved = view.others.map(({ name }) => `${name} does not move: it does not take ${env} from a Secret.`);
  return {
    summary,
    changes: changesOf(draft, env),
    consequences: [...remarks, ...restarts(rolled, inFlight), ...unmoved, ...ownersOf(rolled)],
    restsOn: [...rolled.flatMap(basis), ...(draft.key ? [{ what: 'key, digest', value: draft.key }] : [])],
    digest: keyDigest(draft),
  };
}

export const changesOf = ({ workloads }: KeyDraft, env: string): Change[] =>
  workloads.filter(moves).map(step => ({
    target: objectName('Deployment', step),
    field: env,
    before: step.before,
    after: step.after,
  }));

export const moves = ({ before, after }: KeyStep) => before !== after;

/** The workloads that start new pods, as they are now. */
export const rolling = ({ workloads }: KeyDraft, view: KeyView): { step: KeyStep; seen: KeyedWorkload }[] =>
  workloads.filter(moves).flatMap(step => {
    const seen = view.workloads.find(({ deployment }) => deployment.metadata.uid === step.uid);
    return seen ? [{ step, seen }] : [];
  });
