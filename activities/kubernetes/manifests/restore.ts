/** `kubectl apply --server-side --dry-run=server` of what was saved: whether it restores what is there. Writes nothing. */

import type { Verdict } from '../../../workflows/contract/index.ts';
import { jsonOf } from '../../connectors/http.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { isUntried } from '../../engine/admission.ts';
import { masked } from '../../observe/logs/shapes.ts';
import { differencesOf, named } from './compare.ts';
import { frozenOf, isHidden, kinds, type Live, type Manifest, manifestList, nameOf } from './frozen.ts';

export interface Restored {
  verdict: Verdict;
  text: string;
}

/** So many at once, and milliseconds in which they begin: each may wait 35 s for admission webhooks. */
const [atOnce, beginWithin] = [5, 90_000];

interface Restoring {
  kubernetes: Kubernetes;
  live: Live[];
  cluster: string;
  now: Deps['now'];
}

/** @param archive as it lies in the artifact store; its hidden values are filled in as people would */
export async function tryToRestore(archive: string | undefined, restoring: Restoring): Promise<Restored> {
  const { data: saved } = manifestList.safeParse(jsonOf(archive ?? ''));
  if (saved === undefined)
    return { verdict: 'faulty', text: 'It does not restore: it cannot be read back from the artifact store.' };
  const tried = await eachApplied(saved.items, restoring);
  const refused = tried.flatMap(({ refused: because }) => because ?? []);
  const served = tried.flatMap(({ served: one }) => one ?? []);
  const differs = differencesOf(saved.items, frozenOf(served, restoring.cluster));
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

async function eachApplied(items: Manifest[], restoring: Restoring): Promise<Applied[]> {
  const until = restoring.now() + beginWithin;
  const tried: Applied[] = [];
  while (tried.length < items.length && restoring.now() < until) {
    const next = items.slice(tried.length, tried.length + atOnce);
    tried.push(...(await Promise.all(next.map(item => applied(item, restoring)))));
  }
  const left = items.slice(tried.length).map(item => ({
    served: liveOf(item, restoring.live),
    untried: `${nameOf(item)}: not tried, as ${beginWithin / 1000} s were over`,
  }));
  return [...tried, ...left];
}

const liveOf = ({ kind, metadata: { namespace, name } }: Manifest, live: Live[]) =>
  live.find(one => one.resource.kind === kind && one.namespace === namespace && one.object.metadata.name === name);

async function applied(saved: Manifest, { kubernetes, live }: Restoring): Promise<Applied> {
  const { namespace, name } = saved.metadata;
  const before = liveOf(saved, live);
  const resource = kinds.find(({ kind }) => kind === saved.kind);
  if (!before || !resource) return { refused: `${nameOf(saved)} is not there` };
  const secrets: string[] = [];
  const body = { ...saved, spec: filled(saved.spec, before.object.spec, secrets) };
  try {
    const object = await kubernetes.patch(resource, { namespace, name }, { as: 'apply', body, dryRun: true });
    return { served: { ...before, object } };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const because = `${nameOf(saved)}: ${withoutSecrets(error.message, secrets)}`;
    return saysNothing(error) ? { served: before, untried: because } : { served: before, refused: because };
  }
}

/** No answer of its own, we may not try, someone changes it at the same time, or a webhook answers no dry runs. */
function saysNothing(error: SystemError) {
  const { fault, status = 500, message } = error;
  if (fault !== 'answered' || status >= 500 || status === 429 || status === 409) return true;
  return isUntried(error) || (status === 403 && /cannot (patch|create) resource/.test(message));
}

/** The API server quotes what it refuses; where its words are cut, the end may be a part of a secret. */
function withoutSecrets(message: string, secrets: string[]): string {
  const forms = secrets.flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  const whole = forms.reduce((text, form) => text.replaceAll(form, '<hidden>'), message);
  return masked(forms.reduce(withoutPart, whole).replace(/\S*…$/, '…'));
}

/** As it is, in quotation marks, and in one line. */
const formsOf = (secret: string) => {
  const line = secret.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return [secret, JSON.stringify(secret).slice(1, -1), line].filter(form => form !== '');
};

function withoutPart(text: string, secret: string): string {
  if (!text.endsWith('…')) return text;
  const said = text.slice(0, -1);
  const most = Math.min(secret.length, said.length);
  const lengths = Array.from({ length: most }, (_, less) => most - less);
  const part = lengths.find(length => said.endsWith(secret.slice(0, length))) ?? 0;
  return `${said.slice(0, said.length - part)}…`;
}

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
