/** An obstacle of a stuck step is removed by a step of its own, before the stuck step is tried again. Pure. */

import type { Clearing, StepReport } from '../../contract/index.ts';

/** `give back a replica, then retry`. */
export const choiceOf = ({ title }: Clearing) => `${title.charAt(0).toLowerCase()}${title.slice(1)}, then retry`;

/** It lies under the key of the step that is stuck; each question that is answered so has its own. */
export const keyOf = ({ title }: Clearing, stuck: string, question: string) => `${stuck}/${title}/${question}`;

/** States after which the stuck step is tried again. */
export const cleared: StepReport['state'][] = ['done', 'part', 'by hand'];

/** True if the step cleared the way of another. */
export function isClearing({ key }: Pick<StepReport, 'key'>, steps: Pick<StepReport, 'key'>[]): boolean {
  const stuck = key.split('/').slice(0, -2).join('/');
  return steps.some(other => other.key === stuck);
}

/** The title of a step that undoes a change. */
export const takeBackTitle = (title: string) => `Undo: ${title}`;

/** Clearing a way, and what is taken back, changes the platform and mitigates nothing. */
export const fixesNothing = (step: Pick<StepReport, 'key' | 'title'>, steps: Pick<StepReport, 'key'>[]) =>
  step.title.startsWith(takeBackTitle('')) || isClearing(step, steps);
