/** The page that belongs to a change which customers feel: as urgent as a P1, whatever the severity of its incident is. */

import { ApplicationFailure } from '@temporalio/common';
import { runbooks } from '../workflows/catalog/runbooks.ts';
import type { Outcome } from '../workflows/contract/action.ts';
import type { Role } from '../workflows/contract/vocabulary.ts';
import type { ActionContext } from './engine/action.ts';
import { incidentOf, slugOf } from './guard.ts';
import { oncallActivities } from './oncall.ts';
import { pageOfAChange } from './paged.ts';

type Done = Extract<Outcome, { done: object }>;

interface Loud {
  roles: Role[];
  because: string;
}

/** A page that reaches no one does not undo the change: the receipt says so. The same page again wakes no one twice. */
export async function pageLoudly(outcome: Done, loud: Loud, { deps, call, running }: ActionContext): Promise<Done> {
  const incident = incidentOf(call.key);
  const runbook = runbooks.find(({ slug }) => slug === slugOf(running.workflowType))?.title ?? 'Incident';
  const about = { incident, runbook, severity: 'P1', summary: outcome.done.note, fired: '', workflowId: '' };
  const told = await oncallActivities(deps)
    .page({ ...loud, again: pageOfAChange }, { key: `${call.key}/page`, about })
    .then(textOf, unlessFailed);
  return { done: { ...outcome.done, note: `${outcome.done.note} ${told}` } };
}

const textOf = (outcome: Outcome) =>
  'done' in outcome ? outcome.done.note : 'No one was paged about it: no way to page is connected.';

function unlessFailed(error: unknown): string {
  if (!(error instanceof ApplicationFailure)) throw error;
  return `No one was paged about it: ${error.message}`;
}
