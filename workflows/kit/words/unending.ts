import { hangWhenCancelled } from '../incident/scope.ts';
import type { Words } from './words.ts';

/**
 * The words as a body has them: once it is cancelled none of them returns. So it begins nothing more, has nothing to catch,
 * and what it did not wait for cannot fail the workflow. Words that call activities are so by themselves.
 */
export const unending = ({ phase, step, check, watch, task, ask, remedy }: Words): Words => ({
  phase: (title, ...rest) => hangWhenCancelled(phase(title, ...rest)),
  step,
  check,
  watch,
  task: (...said) => hangWhenCancelled(task(...said)),
  ask: ((...said: Parameters<Words['ask']>) => hangWhenCancelled(ask(...said))) as Words['ask'],
  remedy: ((...said: Parameters<Words['remedy']>) => hangWhenCancelled(remedy(...said))) as Words['remedy'],
});
