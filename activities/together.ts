/** Several looks as one finding. What is not connected is left out, and said; what is connected must answer. */

import type { Finding } from '../workflows/contract/finding.ts';
import type { Verdict } from '../workflows/contract/vocabulary.ts';
import { SystemError } from './connectors/system-error.ts';

/** Why no one looked. */
export interface LeftOut {
  leftOut: string;
}

export type Part<F extends object = object> = Finding<F> | LeftOut;

/** The result of a check, its system's silence included. */
export async function part<F extends object>(look: () => Promise<Finding<F>>): Promise<Part<F>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const evidence = `${error.message}.${remedyFor(error)}`;
    return ['not connected', 'not described'].includes(error.fault) ? { leftOut: evidence } : { verdict: 'unknown', evidence };
  }
}

/** The way out, where it is always the same. */
const remedyFor = ({ system, status, refusal }: SystemError) =>
  system === 'Kubernetes' && status === 403 && !refusal ? ' Grant it: `runbooks rights` prints what the worker needs.' : '';

/** Nothing where no one looked. */
export const verdictOf = (part: Part): Verdict | undefined => ('leftOut' in part ? undefined : part.verdict);

/** Faulty where any part is, healthy where all that are connected are. */
export function together(parts: Part[]): Verdict {
  const verdicts = parts.map(verdictOf).filter(verdict => verdict !== undefined);
  if (verdicts.includes('faulty')) return 'faulty';
  return verdicts.length > 0 && verdicts.every(verdict => verdict === 'healthy') ? 'healthy' : 'unknown';
}

/** The findings, then the checks that were left out. */
export function evidenceOf(parts: Part[]): string {
  const seen = parts.flatMap(part => ('leftOut' in part ? [] : [part.evidence]));
  const left = parts.flatMap(part => ('leftOut' in part ? [part.leftOut] : []));
  return [...seen, ...(left.length > 0 ? ['Not checked:', ...new Set(left)] : [])].join(' ');
}
