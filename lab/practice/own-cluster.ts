// Practising on somebody's own test cluster: only where each namespace says that it may be touched.
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { readPlatform } from '../../activities/platform.ts';
import { LabError, reason } from '../lab-error.ts';

export const practiceLabel = 'nqba-runbooks/practice';

/** @throws LabError naming each namespace that lacks the label */
export async function expectPracticeLabel({
  kubeconfig,
  platformFile,
}: {
  kubeconfig: string;
  platformFile: string;
}): Promise<void> {
  const { namespaces } = await readPlatform(platformFile).catch(error => {
    throw new LabError(error instanceof Error ? error.message : String(error));
  });
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const labelled = await Promise.all(Object.values(namespaces).map(name => isLabelled(api, name)));
  const missing = Object.values(namespaces).filter((_, index) => !labelled[index]);
  if (missing.length > 0)
    throw new LabError(
      `Not every namespace may be practised on. Where it may, say so:\n${missing.map(name => `  kubectl label namespace ${name} ${practiceLabel}=yes`).join('\n')}`,
    );
}

const isLabelled = (api: CoreV1Api, name: string) =>
  api.readNamespace({ name }).then(
    ({ metadata }) => metadata?.labels?.[practiceLabel] === 'yes',
    error => {
      throw new LabError(`The namespace ${name} cannot be read (${reason(error)}): is this the right kubeconfig?`);
    },
  );
