/** How long the cluster takes for a write: admission webhooks that are slow hold up every change, and `runbooks hold` with it. */

import { z } from 'zod';
import type { Kubernetes } from '../../activities/connectors/kubernetes.ts';
import { configMaps, type Resource } from '../../activities/connectors/resources.ts';
import { quoted, SystemError } from '../../activities/connectors/system-error.ts';
import { limits } from '../../activities/limits.ts';
import { allConfigMaps } from '../../activities/platform.ts';
import { fault, fine, type Line } from './line.ts';
import type { Sight } from './sight.ts';

const check = 'A write to the cluster';

/** Longer than that, milliseconds, people notice. */
const slow = 2_000;

/** Measured by a dry run, which the webhooks are asked about as well; nothing where no ConfigMap may be changed. */
export async function webhookLines(
  kubernetes: Kubernetes,
  { platform, clock }: Pick<Sight, 'platform' | 'clock'>,
): Promise<Line[]> {
  const [any] = allConfigMaps(platform);
  if (!any) return [];
  const began = clock.now();
  const patch = { as: 'merge', body: { metadata: { annotations: {} } }, dryRun: true } as const;
  try {
    await kubernetes.patch(configMaps, any, patch);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    // A right or a name that is missing has a line of its own.
    if (error.fault === 'answered' && [403, 404].includes(error.status ?? 0)) return [];
    return [fault(check, `fails: ${error.message}.`, await whose(kubernetes))];
  }
  const took = clock.now() - began;
  if (took < slow) return [fine(check, `takes ${took} ms (tried, not meant).`)];
  const text = `takes ${(took / 1000).toFixed(1)} s: an admission webhook is slow. Changes wait up to ${limits.clusterWrite / 1000} s for it.`;
  return [fault(check, text, await whose(kubernetes))];
}

const configuration = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  webhooks: z
    .array(z.looseObject({ name: z.string(), timeoutSeconds: z.number().default(10), failurePolicy: z.string().default('Fail') }))
    .default([]),
});

const configurations = (kind: string, plural: string): Resource<z.infer<typeof configuration>> => ({
  kind,
  api: '/apis/admissionregistration.k8s.io/v1',
  plural,
  schema: configuration,
});
const kinds = [
  configurations('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'),
  configurations('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'),
];

/** Which webhooks there are, where we may list them. */
async function whose(kubernetes: Kubernetes): Promise<string> {
  const found = (await Promise.all(kinds.map(kind => kubernetes.list(kind, '').catch(unlessForbidden)))).flat();
  const named = found.flatMap(({ webhooks }) =>
    webhooks.map(({ name, timeoutSeconds, failurePolicy }) => `${quoted(name)} (${timeoutSeconds} s, ${failurePolicy})`),
  );
  if (named.length === 0) return 'Check them: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.';
  return `Check whether each answers: ${named.join(', ')}.`;
}

function unlessForbidden(error: unknown): [] {
  if (error instanceof SystemError && error.status === 403) return [];
  throw error;
}
