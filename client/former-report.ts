/** Records that were kept before a take-back named its action: told in the form of today, as far as they can be. */

import { z } from 'zod';

const former = z.object({ kind: z.string(), namespace: z.string(), name: z.string(), key: z.string() });
const step = z.looseObject({
  action: z.looseObject({ type: z.string() }).optional(),
  because: z.string().default(''),
  takeBack: former,
});
const withSteps = z.looseObject({ steps: z.array(z.unknown()) });

export function inPresentForm(answer: unknown): unknown {
  const { data } = withSteps.safeParse(answer);
  return data ? { ...data, steps: data.steps.map(stepInPresentForm) } : answer;
}

/** The step says which action it was, and with it who takes the change back. */
function stepInPresentForm(given: unknown): unknown {
  const { data } = step.safeParse(given);
  if (!data?.action) return given;
  const { key, ...place } = data.takeBack;
  return {
    ...data,
    takeBack: { action: data.action.type, key, target: { system: 'kubernetes', ...place }, words: data.because },
  };
}
