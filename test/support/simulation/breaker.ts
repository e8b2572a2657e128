/** Whether jobs run on classical solvers because of us, which explains an alert: from what really happened to the world. */

import type { Report, StepReport, TakeBack } from '../../../workflows/contract/index.ts';
import type { Effect, World } from './world.ts';

export const alertOfTheBreaker = 'QuantumFallbackRateHigh';

/** Nothing where the record cannot know it: a reply was lost, or somebody did something by hand or from outside. */
export function isBreakerOpen({ steps }: Report, { effects, objects }: World): boolean | undefined {
  if (objects.undone.length > 0) return undefined;
  if (steps.some(({ action, state }) => action?.type === 'setFallback' && state === 'by hand')) return undefined;
  const last = effects.findLast(one => one.type === 'setFallback' || takesBack(one, effects));
  if (!last) return false;
  if (last.type !== 'setFallback') return undefined;
  return isKnown(stepOf(steps, last.key)) ? (last.input as { enabled: boolean }).enabled : undefined;
}

const takesBack = ({ type, input }: Effect, effects: Effect[]) =>
  type === 'takeBack' &&
  effects.some(({ type, key }) => type === 'setFallback' && key === (input as { takeBack: TakeBack }).takeBack.key);

const stepOf = (steps: StepReport[], key: string) =>
  steps.find(step => step.key === key || step.key === key.replace(/[b-z]$/, ''));
const isKnown = (step?: StepReport) => step?.state === 'done' || step?.state === 'part';
