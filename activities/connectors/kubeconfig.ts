/** The way to an API server with the credentials of a kubeconfig. client-node is loaded at the first call: it is large. */

import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { base, type Fetch } from './http.ts';

export interface KubeconfigSource {
  /** Path; without it what kubectl would use, or the Pod's own account. */
  kubeconfig?: string;
  context?: string;
}

/** Addresses it is given begin with this; the real server comes from the kubeconfig. */
export const apiServer = 'https://kubernetes';

/** Credentials may be rotated under us; connections are kept so long, in milliseconds. */
const lease = 60_000;

/** A `fetch` that signs in. The generated client is left aside: it drops unknown fields and has no time limit. */
export function kubernetesFetch(source: KubeconfigSource, now: () => number): Fetch {
  let loaded: Promise<KubeConfig> | undefined;
  let borrowed: { signedIn: RequestContext; until: number } | undefined;

  const signIn = async () => {
    if (borrowed && borrowed.until > now()) return borrowed.signedIn;
    loaded ??= load(source);
    const { RequestContext, HttpMethod } = await import('@kubernetes/client-node');
    const signedIn = new RequestContext(base((await loaded).getCurrentCluster()?.server ?? ''), HttpMethod.GET);
    await (await loaded).applySecurityAuthentication(signedIn);
    borrowed = { signedIn, until: now() + lease };
    return signedIn;
  };

  return async request => answerOf(request, await signIn());
}

/** The address that client-node makes up where it finds nothing. */
const inventedServer = 'http://localhost:8080';
const noneFound = 'KUBECONFIG is not set, and there is no ~/.kube/config and no account of a Pod: set KUBECONFIG to a kubeconfig';

async function load({ kubeconfig, context }: KubeconfigSource): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (config.getCurrentCluster()?.server === inventedServer) throw new Error(noneFound);
  if (context !== undefined) config.setCurrentContext(context);
  if (!config.getCurrentCluster()) throw new Error('The kubeconfig names no cluster: check KUBECONFIG and its context');
  return config;
}

async function answerOf(request: Request, signedIn: RequestContext): Promise<Response> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const method = Object.values(HttpMethod).find(known => known === request.method) ?? HttpMethod.GET;
  const url = signedIn.getUrl() + request.url.slice(apiServer.length);
  const asked = new RequestContext(url, method);
  for (const [name, value] of [...request.headers, ...Object.entries(signedIn.getHeaders())]) asked.setHeaderParam(name, value);
  const dispatcher = signedIn.getDispatcher();
  if (dispatcher) asked.setDispatcher(dispatcher);
  if (request.body) asked.setBody(await request.text());
  asked.setSignal(request.signal);
  const { httpStatusCode, headers, body } = await new IsomorphicFetchHttpLibrary().send(asked).toPromise();
  return new Response(body.stream(), { status: httpStatusCode, headers });
}
