import { CancellationScope, isCancellation } from '@temporalio/workflow';

/**
 * A phase, as the steps in it see it. The scope carries the title because Temporal already carries the scope:
 * a store of our own for each incident would be copied to every promise of every other incident in the process.
 */
export class PhaseScope extends CancellationScope {
  readonly title: string;

  constructor(title: string) {
    super();
    this.title = title;
  }
}

/** Titles of the phases around, the outermost first. */
export function phasesAround(scope = CancellationScope.current()): string[] {
  const outer = scope.parent ? phasesAround(scope.parent) : [];
  return scope instanceof PhaseScope ? [...outer, scope.title] : outer;
}

/** True if a scope or one around it was cancelled. A scope learns it from its parent a moment later; this asks now. */
export const isCancelled = ({ consideredCancelled, cancellable, parent }: CancellationScope): boolean =>
  consideredCancelled || (cancellable && parent !== undefined && isCancelled(parent));

/** The same, but a cancellation never arrives: no one goes on from there. */
export const hangWhenCancelled = <T>(word: Promise<T>): Promise<T> =>
  word.catch(error => (isCancellation(error) ? new Promise<never>(() => undefined) : Promise.reject(error)));

export function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
