import type { Finding } from '../../contract/index.ts';

/** By the written check. */
export type Checklist = Record<
  | 'Verify backup completion'
  | 'Check system health: pods'
  | 'Check system health: nodes'
  | 'Check quantum job queue'
  | 'Prepare rollback plan',
  Finding
>;

export interface Readiness {
  suggest: 'go' | 'no-go';
  because: string;
}

/** An unknown check proposes no-go too, and so does a notice that was not sent. @param notice `24 hours before` */
export function readinessOf(found: Checklist, notified: boolean, notice: string): Readiness {
  const doubts = Object.entries(found)
    .filter(([, { verdict }]) => verdict !== 'healthy')
    .map(([title, { verdict, evidence }]) => `${title} is ${verdict}: ${evidence}`);
  const unsent = notified ? [] : [`The notice to stakeholders was not sent ${notice}.`];
  const all = [...unsent, ...doubts];
  if (all.length > 0) return { suggest: 'no-go', because: all.join(' ') };
  return { suggest: 'go', because: 'All pre-maintenance checks are healthy, and stakeholders have their notice.' };
}
