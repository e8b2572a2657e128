import { KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';

/** As `kubectl apply --server-side`. */
export async function apply(kubeconfig: string, objects: object[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects) await api.patch(object, undefined, undefined, 'kubectl', true, PatchStrategy.ServerSideApply);
}
