/** Alertmanager's Watchdog of each cluster that sent one: without it no alert may come at all. */

import { Refused, TemporalUnreachable } from '../errors.ts';
import type { Temporal } from '../temporal.ts';
import type { WatchedDetection } from '../temporal/notices.ts';
import type { Output } from './outputs.ts';
import { bold, line, span } from './text.ts';

interface Watching {
  temporal: Pick<Temporal, 'watchedDetection'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Nothing where Temporal does not answer. */
async function watched({ temporal }: Watching): Promise<WatchedDetection[] | undefined> {
  try {
    return await temporal.watchedDetection();
  } catch (error) {
    if (error instanceof TemporalUnreachable || error instanceof Refused) return undefined;
    throw error;
  }
}

/** For `list`. */
export const detectionNow = async (desk: Watching): Promise<WatchedDetection[]> => (await watched(desk)) ?? [];

export const detectionSection = (all: WatchedDetection[], now: number): string[] =>
  all.map(one => (one.absent === undefined ? line`${textOf(one, now)}` : bold(line`${textOf(one, now)}`)));

function textOf({ cluster, last, absent, seldom, failure }: WatchedDetection, now: number): string {
  if (last === undefined) return `Detection on ${cluster}: not known, no worker answers.`;
  const ago = `the last Watchdog was ${span(now - Date.parse(last))} ago (${last})`;
  if (absent !== undefined)
    return `DETECTION IS BLIND on ${cluster}: ${ago}.${failure ? ` The page was not delivered: ${failure}` : ''}`;
  return `Detection on ${cluster}: ${ago}${seldom ? '; it comes too seldom for its absence to page' : ''}.`;
}

type Check = Output<'doctor'>['checks'][number];
const check = 'Detection';
const route = 'Let the route of Watchdog have repeat_interval: 5m and the intake as receiver.';

/** For `doctor`. */
export async function detectionChecks(desk: Watching): Promise<Check[]> {
  const all = await watched(desk);
  if (all === undefined) return [];
  if (all.length === 0) {
    const text = `no Watchdog ever came: whether alerts come is not known, and their absence pages no one. ${route}`;
    return [{ check, ok: true, warning: true, text }];
  }
  return all.map(one => {
    const text = textOf(one, desk.now());
    if (one.absent !== undefined)
      return { check, ok: false, text, fix: 'Check Prometheus, Alertmanager and its route to the intake.' };
    if (one.seldom) return { check, ok: true, warning: true, text: `${text} ${route}` };
    return { check, ok: true, text };
  });
}
