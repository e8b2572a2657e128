/** How far the running steps of an incident are with their lists, and why it does not go on: as `show` has them. */

import { z } from 'zod';
import type { Report } from '../../workflows/contract/index.ts';
import type { NotProgressing } from '../progress.ts';
import type { ListProgress } from '../temporal/list-progress.ts';
import { line, span } from './text.ts';

export interface StepProgress extends Omit<ListProgress, 'action'> {
  /** Its title; the action where several steps of it run. */
  step: string;
}

export const shownProgress = z.object({
  step: z.string().meta({ description: 'Title' }),
  done: z.int(),
  of: z.int(),
  left: z.number().optional().meta({ description: 'Milliseconds, by the pace so far' }),
}) satisfies z.ZodType<StepProgress>;

export const shownStop = z.object({
  error: z.string(),
  since: z.string().meta({ description: 'RFC 3339, UTC' }),
  fix: z.string().meta({ description: 'What to type' }),
}) satisfies z.ZodType<NotProgressing>;

export function stepProgress({ steps }: Report, lists: ListProgress[]): StepProgress[] {
  return lists.map(({ action, ...progress }) => {
    const [first, ...others] = steps.filter(one => one.state === 'running' && one.action?.type === action);
    return { step: first && others.length === 0 ? first.title : action, ...progress };
  });
}

export const progressLine = ({ step, done, of, left }: StepProgress): string =>
  line`${step}: ${done} of ${of} done${left === undefined ? '' : `, about ${span(left)} left`}`;
