/** `kubectl apply --server-side --dry-run=server` of what was saved: whether it restores what is there. Writes nothing. */

import type { Verdict } from '../../../workflows/contract/index.ts';
import { jsonOf } from '../../connectors/http.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { isUntried } from '../../engine/admission.ts';
import { masked } from '../../observe/logs/shapes.ts';
import { differencesOf, named } from './compare.ts';
import { frozenOf, isHidden, kinds, type Live, type Manifest, manifestList, nameOf } from './frozen.ts';

interface Restored {
  verdict: Verdict;
  text: string;
}

/** @param archive as it lies in the artifact store; its hidden values are filled in as people would @throws SystemError */
export async function tryToRestore(
  kubernetes: Kubernetes,
  archive: string | undefined,
  live: Live[],
  cluster: string,
): Promise<Restored> {
  const { data: saved } = manifestList.safeParse(jsonOf(archive ?? ''));
  if (saved === undefined)
    return { verdict: 'faulty', text: 'It does not restore: it cannot be read back from the artifact store.' };
  const tried = await Promise.all(saved.items.map(item => applied(kubernetes, item, live)));
  const refused = tried.flatMap(({ refused: because }) => because ?? []);
  const served = tried.flatMap(({ served: one }) => one ?? []);
  const differs = differencesOf(saved.items, frozenOf(served, cluster));
  if (refused.length > 0 || differs.length > 0)
    return { verdict: 'faulty', text: `It does not restore: ${named([...refused, ...differs])}.` };
  const untried = tried.flatMap(({ untried: because }) => because ?? []);
  if (untried.length > 0) return { verdict: 'unknown', text: `Whether it restores is unknown: ${named(untried)}.` };
  return { verdict: 'healthy', text: 'A server-side dry run restores it without a difference.' };
}

interface Applied {
  /** As it would be afterwards; where that cannot be known, as it is. */
  served?: Live;
  refused?: string;
  untried?: string;
}

async function applied(kubernetes: Kubernetes, saved: Manifest, live: Live[]): Promise<Applied> {
  const { namespace, name } = saved.metadata;
  const before = live.find(
    one => one.resource.kind === saved.kind && one.namespace === namespace && one.object.metadata.name === name,
  );
  const resource = kinds.find(({ kind }) => kind === saved.kind);
  if (!before || !resource) return { refused: `${nameOf(saved)} is not there` };
  const secrets: string[] = [];
  const body = { ...saved, spec: filled(saved.spec, before.object.spec, secrets) };
  try {
    const object = await kubernetes.patch(resource, { namespace, name }, { as: 'apply', body, dryRun: true });
    return { served: { ...before, object } };
  } catch (error) {
    if (!(error instanceof SystemError) || error.status === undefined) throw error;
    const because = `${nameOf(saved)}: ${withoutSecrets(error.message, secrets)}`;
    if (saysNothing(error)) return { served: before, untried: because };
    if (error.status >= 500 || error.status === 429) throw error;
    return { served: before, refused: because };
  }
}

/** We may not try, someone changes it at the same time, or a webhook answers no dry runs. */
const saysNothing = (error: SystemError) =>
  isUntried(error) || error.status === 409 || (error.status === 403 && error.message.includes('cannot patch resource'));

/** The API server quotes what it refuses; where its words are cut, the last one may be a part of a secret. */
const withoutSecrets = (message: string, secrets: string[]) =>
  masked(secrets.reduce((text, secret) => text.replaceAll(secret, '<hidden>'), message.replace(/\S*…$/, '…')));

/** Hidden values as they are now; each is noted. */
function filled(saved: unknown, live: unknown, noted: string[]): unknown {
  if (typeof saved === 'string') {
    if (!isHidden(saved) || typeof live !== 'string') return saved;
    if (live !== '') noted.push(live);
    return live;
  }
  if (Array.isArray(saved)) return saved.map((item, index) => filled(item, Array.isArray(live) ? live[index] : undefined, noted));
  if (typeof saved !== 'object' || saved === null) return saved;
  const beside = new Map(Object.entries(live ?? {}));
  return Object.fromEntries(Object.entries(saved).map(([field, inner]) => [field, filled(inner, beside.get(field), noted)]));
}
