import { CancellationScope, condition } from '@temporalio/workflow';
import { hasResolved, isWithdrawing } from '../record/alerts.ts';
import type { Incident } from '../incident/incident.ts';

/** Waits for the world until the alert's end counts: then there is nothing to wait for, and the body goes on to Recovery. */
export async function whileItMatters<T>(incident: Incident, watching: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  const matters = () => !isWithdrawing(incident.state);
  if (!matters()) throw new Error(hasResolved);
  let isOver = false;
  void incident.nonCancellable.run(() => condition(() => isOver || !matters())).then(() => scope.cancel());
  try {
    return await scope.run(watching);
  } catch (error) {
    throw matters() ? error : new Error(hasResolved);
  } finally {
    isOver = true;
  }
}
