/** A cluster as it is, for a runbook that only observes: nothing is written, nothing is sent, and no one is waited for. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { Fetch } from '../../activities/connectors/http.ts';
import { connectAll } from '../../activities/connectors/index.ts';
import { kubernetesFetch, type KubeconfigSource } from '../../activities/connectors/kubeconfig.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { type Activities, type Activity, byType, createActivities } from '../../activities/index.ts';
import type { Platform } from '../../activities/platform.ts';
import { isMessage } from '../../workflows/catalog/activities.ts';
import type { Outcome } from '../../workflows/contract/index.ts';
import { clock } from '../clock.ts';
import type { Attempt, Reaction, World } from '../rehearsal/attempts.ts';

export interface Seen extends KubeconfigSource {
  /** Addresses; a system without one is not connected, and what it would measure is unknown. */
  prometheus?: string | undefined;
  loki?: string | undefined;
}

/** Reads, and dry runs of writes; anything else is refused before it leaves. */
export const onlyReading =
  (fetch: Fetch): Fetch =>
  request => {
    const isDryRun = new URL(request.url).searchParams.get('dryRun') === 'All';
    if (request.method === 'GET' || isDryRun) return fetch(request);
    throw new SystemError({ system: 'Kubernetes', fault: 'answered', text: 'nothing is written here: this only observes' });
  };

/** The activities as a workflow of this type calls them. */
export function observingActivities(
  platform: Platform,
  { prometheus, loki, ...cluster }: Seen,
  workflowType: string,
): Activities {
  const connections = {
    artifacts: { folder: mkdtempSync(join(tmpdir(), 'runbooks-try-')) },
    kubernetes: { fetch: onlyReading(kubernetesFetch(cluster, clock.now)) },
    proxies: cluster.proxies,
    ...(prometheus && { prometheus: { url: prometheus } }),
    ...(loki && { loki: { url: loki, tenant: undefined } }),
  };
  const running = () => ({ workflowType, namespace: '', signal: AbortSignal.timeout(patience), heartbeat: () => undefined });
  return createActivities({ platform, systems: connectAll(connections, clock), running, onlyObserves: true, ...clock });
}

/** Milliseconds. */
const patience = 60_000;

export function observedWorld(activities: Activities): World {
  const all = byType(activities);
  return attempt => standingIn(attempt) ?? asked(attempt, all[attempt.type]);
}

/** Answers without the cluster: of messages, of records that outlive an incident, and of watches, which would take their time. */
function standingIn({ type }: Attempt): Reaction | undefined {
  if (isMessage(type)) return { result: unsent };
  if (type === 'saveReport') return { result: { digest: 'none' } };
  if (type === 'noteUnseen') return { result: { times: 1, second: false } };
  if (type !== 'watch') return undefined;
  return { result: { verdict: 'unknown', evidence: unwatched } };
}

export const unwatched = 'Nothing is watched: this only observes for a moment.';

const unsent: Outcome = {
  done: { note: 'Not sent: this only observes.', changes: [], effect: { measured: 'nothing to measure', text: 'Not sent.' } },
};

async function asked({ type, args }: Attempt, activity: Activity | undefined): Promise<Reaction> {
  if (!activity) return { error: ApplicationFailure.nonRetryable(`There is no activity ${type}.`) };
  try {
    return { result: await Reflect.apply(activity, undefined, args) };
  } catch (error) {
    // Once is enough for a look: what failed is shown as it failed.
    return { error: ApplicationFailure.nonRetryable(error instanceof Error ? error.message : String(error)) };
  }
}
