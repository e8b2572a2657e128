// What the guide does to the practice world: it breaks Dynex and the pager, delivers the alert, and is the second operator.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import { LabError } from '../lab-error.ts';
import type { Environment } from '../practice/environment.ts';

/** Alerts as Alertmanager sent them, with words for what is told at the time of a delivery. */
const recorded = {
  DynexHealthCheckFailed: join(import.meta.dirname, 'dynex-health-check-failed.json'),
  JobQueueDeep: join(import.meta.dirname, '..', 'scenarios', 'job-queue-deep.json'),
  PlatformUnavailable: join(import.meta.dirname, '..', 'scenarios', 'platform-unavailable.json'),
};

export const results = z.object({
  alerts: z.array(z.looseObject({ result: z.string(), incident: z.string().optional(), reason: z.string() })),
});
export type DeliveryResults = z.infer<typeof results>;

export interface Delivery {
  firedAt: Date;
  endedAt?: Date;
  sender: string;
  alert?: keyof typeof recorded;
}

/** One delivery as Alertmanager sent it, with the times of now. */
export async function deliver(
  environment: Environment,
  { firedAt, endedAt, sender, alert = 'DynexHealthCheckFailed' }: Delivery,
): Promise<DeliveryResults> {
  const body = readFileSync(recorded[alert], 'utf8')
    .replaceAll('STARTS_AT', firedAt.toISOString())
    .replaceAll('ENDS_AT', endedAt?.toISOString() ?? '0001-01-01T00:00:00Z')
    .replaceAll('STATUS', endedAt ? 'resolved' : 'firing')
    .replaceAll('SENDER', sender);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${environment.INTAKE_TOKEN}` };
  const answer = await fetch(environment.INTAKE_URL ?? '', { method: 'POST', headers, body });
  if (!answer.ok) throw new LabError(`The intake answered ${answer.status}: ${await answer.text()}`);
  return results.parse(await answer.json());
}

/** Breaks or fixes a stand-in, in real milliseconds. */
export async function setSystem(environment: Environment, system: string, state: string) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${environment.STANDINS_CONTROL}/systems/${system}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ state }),
  });
  if (!answer.ok) throw new LabError(`The stand-ins answered ${answer.status}: ${await answer.text()}`);
}

/** bob, with his own token and field manager, rolls out another image of the worker. */
export async function bobChangesTheWorker(kubeconfig: string, image: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const body = { spec: { template: { spec: { containers: [{ name: 'worker', image }] } } } };
  await config
    .makeApiClient(AppsV1Api)
    .patchNamespacedDeployment(
      { name: 'nqba-worker', namespace: 'nqba-platform', body, fieldManager: 'bob' },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
}
