/** Shares of what may be used, each held against one bound: the highest decides, and what is not measured is not low. Pure. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { UsageFacts } from '../facts.ts';

/** One resource of one object. */
export interface Used {
  object: string;
  /** As people name it: `storefront-7c9d8 (web)`. */
  named: string;
  /** `memory limit`, `allocatable cpu`, `limits.cpu`. */
  what: string;
  used: number;
  of: number;
  /** The unit of both numbers follows from it: `cpu`, `memory`; anything else is counted. */
  resource: string;
}

interface Measured {
  used: Used[];
  /** `2 pods`. */
  counted: string;
  /** Names of those without a measurement. */
  unmeasured: string[];
}

export const percent = (share: number) => `${Math.round(share * 100)}%`;
const shareOf = ({ used, of }: Used) => used / of;
/** So many that are over the bound are named beside the highest. */
const mostOthers = 2;

export function judgeShares({ used, counted, unmeasured }: Measured, below: number): Finding<UsageFacts> {
  const [most, ...others] = used.toSorted((a, b) => shareOf(b) - shareOf(a));
  const missing = unmeasured.length > 0 ? ` Not measured: ${unmeasured.join(', ')}.` : '';
  if (!most) return { verdict: 'unknown', evidence: `None of ${counted} is measured against a bound.${missing}` };
  const facts = { highest: shareOf(most), object: most.object, resource: most.resource };
  if (shareOf(most) < below) {
    const evidence = `Of ${counted} the highest is ${textOf(most)}, below ${percent(below)}.${missing}`;
    return { verdict: missing ? 'unknown' : 'healthy', evidence, facts };
  }
  const over = others.filter(one => shareOf(one) >= below);
  const named = over.slice(0, mostOthers).map(one => ` ${textOf(one)}.`);
  const more = over.length > mostOthers ? ` ${over.length - mostOthers} more are not below it.` : '';
  return { verdict: 'faulty', evidence: `${textOf(most)}: not below ${percent(below)}.${named.join('')}${more}${missing}`, facts };
}

const textOf = (one: Used) =>
  `${one.named}: ${percent(shareOf(one))} of its ${one.what}, ${amount(one, one.used)} of ${amount(one, one.of)}`;

/** `1500m`, `512Mi`, `93`. */
function amount({ resource }: Used, number: number): string {
  if (resource.endsWith('cpu')) return `${Math.round(number * 1000)}m`;
  return /memory$|storage$/.test(resource) ? `${Math.round(number / 2 ** 20)}Mi` : `${Math.round(number)}`;
}
