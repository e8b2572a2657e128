/** Everything that creates charges, as it is now: the CronJob with its Jobs that run, its settings, and what Stripe bills by itself. */

import { z } from 'zod';
import type { Job } from '../../connectors/batch-resources.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { type ConfigMap, configMaps, cronJobs, type KubeObject, templateSchema } from '../../connectors/resources.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { inCluster, snapshotOf } from '../../engine/kubernetes-targets.ts';
import type { Snapshot } from '../../engine/target.ts';
import { consumed, isMounted } from '../../kubernetes/consumption.ts';
import { isRunning, isStopped, jobsOf, stopping } from './runs.ts';
import { billingOf, chargingCronJob, configMapCalled, type Platform } from '../../platform.ts';

export interface View {
  cronJob: Snapshot;
  settings: Snapshot;
  /** Keys of the ConfigMap that new pods of the CronJob read. */
  reads: string[];
  /** Its Jobs that are not over; nothing where they could not be read. */
  jobs: OpenJobs | undefined;
}

/** By their names. */
interface OpenJobs {
  running: string[];
  /** Suspended, and without a pod. */
  stopped: string[];
}

/** In the order in which charging is resumed: the settings first, so that no run starts with the former ones. */
export const targetsOf = (platform: Platform) =>
  platform.billing
    ? [
        inCluster('ConfigMap', configMapCalled(platform, platform.billing.charging.configMap)),
        inCluster('CronJob', chargingCronJob(platform)),
      ]
    : [];

/** @throws SystemError */
export async function look(kubernetes: Kubernetes, platform: Platform): Promise<View> {
  const { charging } = billingOf(platform);
  const place = configMapCalled(platform, charging.configMap);
  const at = chargingCronJob(platform);
  const [object, settings] = await Promise.all([kubernetes.read(cronJobs, at), kubernetes.read(configMaps, place)]);
  return {
    cronJob: snapshotOf(inCluster('CronJob', at), object),
    settings: snapshotOf(inCluster('ConfigMap', place), settings),
    reads: readIn(object, settings, [charging.key, charging.shareKey]),
    jobs: await openJobs(kubernetes, platform, object.metadata.uid),
  };
}

const withTemplate = z.looseObject({
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template: templateSchema }) }) }),
});

function readIn(cronJob: KubeObject, { metadata: { name } }: ConfigMap, keys: string[]): string[] {
  const { template } = withTemplate.parse(cronJob).spec.jobTemplate.spec;
  return keys.filter(key => consumed(template, name, [key]).length > 0 || isMounted(template, name, key));
}

/** Suspending a CronJob stops none of its Jobs that run. */
async function openJobs(kubernetes: Kubernetes, platform: Platform, uid: string): Promise<OpenJobs | undefined> {
  try {
    const all = await jobsOf(kubernetes, platform, uid);
    return { running: all.filter(isRunning).map(nameOf), stopped: all.filter(isStopped).map(nameOf) };
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

const nameOf = ({ metadata }: Job) => metadata.name;

const unreadable = 'Whether a Job of it runs now could not be read.';

/** Sentences about Jobs that go on, each with the command that stops it. */
export const goingOn = ({ jobs, cronJob: { target } }: View): string[] =>
  jobs?.running.map(name => `Job ${name} runs and goes on charging: ${stopping(target.namespace, name)}`) ?? [unreadable];

/** Sentences about Jobs that are stopped, and hold up the next run: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy */
export const heldUp = ({ jobs, cronJob: { target } }: View): string[] =>
  jobs?.stopped.map(
    name =>
      `Job ${name} is suspended: while it is there a CronJob that forbids concurrent runs begins none. Finance decides: kubectl -n ${target.namespace} delete job ${name}, or it goes on and begins again.`,
  ) ?? [unreadable];

/** Counts alone: the names of customers stay at Stripe. */
export async function billedByStripe({ systems: { stripe } }: Deps): Promise<{ none: boolean; text: string }> {
  if (!stripe) return { none: false, text: 'Stripe is not connected: what it bills by itself is not counted.' };
  try {
    const [subscriptions, open] = await Promise.all([stripe.subscriptions(), stripe.invoices({ status: 'open' })]);
    const billing = subscriptions.items.filter(({ paused }) => paused === undefined).length;
    const retried = open.items.filter(({ nextAttempt }) => nextAttempt !== undefined).length;
    const isAll = subscriptions.isWhole && open.isWhole;
    const text = `At Stripe ${isAll ? '' : 'at least '}${billing} subscriptions make invoices by themselves, and ${retried} open invoices are tried again`;
    if (billing + retried === 0) return { none: isAll, text: `${text}.` };
    return { none: false, text: `${text}: finance keeps them as drafts.` };
  } catch (error) {
    if (error instanceof SystemError)
      return { none: false, text: `What Stripe bills by itself could not be read: ${error.message}` };
    throw error;
  }
}
