import type { Finding, StepState } from '../../contract/index.ts';
import { stateText } from '../../kit/index.ts';

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

export interface NoticeState {
  /** People have published it. */
  isPublished: boolean;
  /** Of the step that sends the mail. */
  mail: StepState | undefined;
  /** `24 hours before`. */
  inTime: string;
}

/** An unknown check proposes no-go too, and so does a notice that is not known to be out. @param notice nothing where none is needed */
export function readinessOf(found: Checklist, notice?: NoticeState): Readiness {
  const doubts = Object.entries(found)
    .filter(([, { verdict }]) => verdict !== 'healthy')
    .map(([title, { verdict, evidence }]) => `${title} is ${verdict}: ${evidence}`);
  const all = [...(notice ? unsent(notice) : []), ...doubts];
  if (all.length > 0) return { suggest: 'no-go', because: all.join(' ') };
  return { suggest: 'go', because: 'All pre-maintenance checks are healthy, and stakeholders have their notice.' };
}

function unsent({ isPublished, mail, inTime }: NoticeState): string[] {
  if (!isPublished) return [`The notice to stakeholders was not sent ${inTime}.`];
  if (mail === 'done') return [];
  return [`The mail to customers about the maintenance is not known to be out: it is ${mail ? stateText(mail) : 'not begun'}.`];
}
