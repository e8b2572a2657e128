/** The writes of a draft, one workload each: allowed anew, tried and admitted before, and not written again. */

import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Deployment, deployments } from '../connectors/resources.ts';
import type { Because } from '../guard.ts';
import type { Platform } from '../platform.ts';
import { admit, type Newcomer } from '../setting/admission.ts';
import { Moved } from '../setting/apply.ts';
import { templateDigest } from '../setting/view.ts';
import { type KeyDraft, type KeyStep, pointing } from './draft.ts';
import { rolling } from './plan.ts';
import { referenceIn, textOf } from './reference.ts';
import type { KeyView } from './view.ts';

export interface Writing {
  kubernetes: Kubernetes;
  platform: Platform;
  /** Stands in the pod template, so that a retry is no second rollout. */
  key: string;
  /** Asked immediately before each write. */
  forbidden: () => Promise<Because | undefined>;
  heartbeat: () => void;
}

/** The draft with the API server's own answers. `together`: all of them surge at once. @throws `NotAdmitted`, SystemError */
export async function tried(
  draft: KeyDraft,
  view: KeyView,
  {
    kubernetes,
    platform,
    key,
    begun,
    together,
  }: Omit<Writing, 'forbidden' | 'heartbeat'> & { begun: boolean; together: boolean },
): Promise<KeyDraft> {
  const served = rolling(draft, view).map(async ({ step, seen }) => {
    const { spec } = await kubernetes.patch(deployments, step, { ...pointing(step, platform, key), dryRun: true });
    return { step: { ...step, target: templateDigest(spec.template) }, newcomer: { seen, template: spec.template } };
  });
  const answers = await Promise.all(served);
  const newcomers: Newcomer[] = answers.map(({ newcomer }) => newcomer);
  for (const group of together ? [newcomers] : newcomers.map(one => [one])) await admit(group, { kubernetes, platform, begun });
  const targets = new Map(answers.map(({ step }) => [step.uid, step]));
  return { ...draft, workloads: draft.workloads.map(step => targets.get(step.uid) ?? step) };
}

/** Nothing when it is written; why not, when it was forbidden. @throws Moved, SystemError */
export async function write(step: KeyStep, writing: Writing): Promise<Because | undefined> {
  const { kubernetes, platform, key, forbidden, heartbeat } = writing;
  heartbeat();
  const now = await kubernetes.read(deployments, step);
  if (now.metadata.uid !== step.uid) throw new Moved();
  if (isWritten(step, now, platform)) return undefined;
  if (![step.from, step.target].includes(templateDigest(now.spec.template))) throw new Moved();
  const because = await forbidden();
  if (!because) await kubernetes.patch(deployments, step, pointing(step, platform, key, now.metadata.resourceVersion));
  return because;
}

/** Whether the API server already has what the step is to write. */
export function isWritten({ container, after, annotations }: KeyStep, { metadata, spec }: Deployment, { quantum }: Platform) {
  const reference = referenceIn(spec.template, container, quantum.key.env);
  const recorded = Object.entries(annotations).every(([name, text]) => (metadata.annotations[name] ?? null) === text);
  return recorded && reference !== undefined && textOf(reference) === after;
}
