import type { Change } from './action.ts';

/** The field of a restart: its value is the key of a step, so that a retry is no second rollout. */
export const restartField = 'restartedAt';

/** As people read it: the stamp of a restart names the step that made it. */
export const readableChange = <C extends Change>(change: C): C =>
  change.field === restartField ? { ...change, before: stamp(change.before), after: stamp(change.after) } : change;

/** `kubectl rollout restart` stamps with the time, which stays. */
function stamp(value: string | null): string | null {
  const parts = value?.split('/') ?? [];
  const step =
    parts.find(part => part.startsWith('Undo%3A')) ?? (/^\d+[a-z]?$/.test(parts.at(-1) ?? '') ? parts.at(-2) : undefined);
  return step === undefined ? value : `by “${decoded(step)}”`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
