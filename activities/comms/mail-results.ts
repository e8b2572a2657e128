/** The results of mails to customers, in counts. Pure. */

import { ApplicationFailure } from '@temporalio/common';
import type { Effect } from '../../workflows/contract/action.ts';
import { SystemError } from '../connectors/system-error.ts';
import { failure } from '../failures.ts';

const words: Record<string, string> = {
  'unknown mailbox': 'were refused, as the server knows no such mailbox',
  deferred: 'were put off by the server and not sent: the same mail again goes to them alone',
  unclear: 'may have been delivered or not, and are not sent again: its log shows',
  'too late': 'were not sent, as the time before which they were to go out is over',
  'had one today': 'were left out, as their readers had one of this kind today',
};

/** Accepted is all that a mail server says. */
export function sentEffect(count: number, results: string[]): Effect {
  const counts = Map.groupBy(results, result => result);
  const accepted = counts.get('accepted')?.length ?? 0;
  const others = Object.entries(words).flatMap(([result, said]) => {
    const those = counts.get(result)?.length ?? 0;
    return those > 0 ? [`${those} ${said}`] : [];
  });
  const had = counts.get('had one today')?.length ?? 0;
  const text = `${[`The mail server accepted ${accepted} of ${count} mails`, ...others].join('; ')}. Whether they arrive it does not say.`;
  return { measured: accepted + had === count ? 'whole' : accepted + had > 0 ? 'part' : 'none', text };
}

/** As it crosses the activity. */
export const asFailure = (error: unknown): Error =>
  error instanceof SystemError ? failure(error) : error instanceof Error ? error : new Error(String(error));

/** No other try goes on by itself from there. */
export function isEnd(error: unknown): boolean {
  const failed = asFailure(error);
  return failed instanceof ApplicationFailure && failed.nonRetryable === true;
}
