// Practising on someone's own test cluster: only where each namespace says that it may be touched.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, parsed, sender } from '../../activities/connectors/http.ts';
import { apiServer, kubernetesFetch } from '../../activities/connectors/kubeconfig.ts';
import { type Platform, readPlatform } from '../../activities/platform.ts';
import { LabError, reason } from '../lab-error.ts';

export const practiceLabel = 'nqba-runbooks/practice';

const namespace = z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }) });
const sleep = (ms: number, signal?: AbortSignal) => pause(ms, undefined, { ...(signal && { signal }) });
type Read = (path: string) => Promise<Answer>;

/** @throws LabError naming each namespace that lacks the label */
export async function expectPracticeLabel({
  kubeconfig,
  platformFile,
}: {
  kubeconfig: string;
  platformFile: string;
}): Promise<void> {
  const { namespaces } = await platformOf(platformFile);
  const fetch = kubernetesFetch({ kubeconfig }, Date.now);
  const read: Read = path => sender('Kubernetes', { fetch, now: Date.now, sleep })(apiServer + path);
  const names = [...new Set(Object.values(namespaces))];
  const labelled = await Promise.all(names.map(name => isLabelled(read, name, kubeconfig)));
  const missing = names.filter((_, index) => !labelled[index]);
  if (missing.length > 0)
    throw new LabError(
      `Not every namespace may be practised on. Where it may, say so:\n${missing.map(name => `  kubectl label namespace ${name} ${practiceLabel}=yes`).join('\n')}`,
    );
}

async function platformOf(file: string): Promise<Platform> {
  try {
    return await readPlatform(file);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error;
    throw new LabError(isAbsent ? `${file} cannot be read (${reason(error)}): is this the right --platform?` : reason(error));
  }
}

async function isLabelled(read: Read, name: string, kubeconfig: string): Promise<boolean> {
  const answer = await read(`/api/v1/namespaces/${encodeURIComponent(name)}`).catch(error => {
    throw new LabError(`${reason(error)}: is ${kubeconfig} the right --kubeconfig?`);
  });
  if (answer.status === 404)
    throw new LabError(`The cluster has no namespace ${name}: do --kubeconfig and --platform belong together?`);
  if (answer.status !== 200)
    throw new LabError(
      `${kubeconfig} may not read the namespace ${name} (${answer.status}), whose label says whether it may be practised on.`,
    );
  return parsed('Kubernetes', namespace, answer).metadata.labels[practiceLabel] === 'yes';
}
