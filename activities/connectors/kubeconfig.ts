/** The way to an API server with the credentials of a kubeconfig. client-node is loaded at the first call: it is large. */

import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { printed, signedIn } from './address.ts';
import { type Credential, credentialOf, type Plugin } from './credential-plugin.ts';
import type { Fetch } from './http.ts';
import { areAnyThere, type Chosen, chosenIn, filesOf, stampOf } from './kubeconfig-files.ts';
import { type Proxies, proxyFor } from './proxy.ts';

export interface KubeconfigSource {
  /** Paths, as KUBECONFIG lists them; without it what kubectl would use, or the Pod's own account. */
  kubeconfig?: string;
  context?: string;
  proxies?: Proxies | undefined;
  /** Milliseconds for a credential plugin. */
  pluginWithin?: number;
}

/** The cluster as people know it; its address without what is secret. */
export interface Destination {
  context: string;
  cluster: string;
  server: string;
  /** The account of a Pod leads to its own cluster, which has no name there. */
  isPod: boolean;
}

/** Addresses it is given begin with this; the real server comes from the kubeconfig. */
export const apiServer = 'https://kubernetes';

/** Credentials may be rotated under us; connections are kept so long, in milliseconds. */
const lease = 60_000;

interface Door {
  server: string;
  headers: Record<string, string>;
  dispatcher: ReturnType<RequestContext['getDispatcher']>;
}

/** A `fetch` that signs in. The generated client is left aside: it drops unknown fields and has no time limit. */
export function kubernetesFetch(source: KubeconfigSource, now: () => number): Fetch {
  let borrowed: { door: Promise<Door>; stamp: string; until: number } | undefined;

  const credentials = remembering(source, now);

  const signIn = (isRefused = false): Promise<Door> => {
    if (isRefused) credentials.forget();
    const stamp = stampOf(filesIn(source));
    if (!isRefused && borrowed?.stamp === stamp && borrowed.until > now()) return borrowed.door;
    const door = opened(source, credentials.of);
    const kept = { door, stamp, until: now() + lease };
    borrowed = kept;
    door.catch(() => borrowed === kept && (borrowed = undefined));
    return door;
  };

  return async request => {
    const body = request.body ? await request.text() : undefined;
    const door = await signIn();
    const answer = await answerOf(request, body, door);
    if (answer.status !== 401) return answer;
    const renewed = await signIn(true);
    const isSame = JSON.stringify(renewed.headers) === JSON.stringify(door.headers);
    return isSame ? answer : answerOf(request, body, renewed);
  };
}

/** Where `source` leads, without asking anyone. */
export async function destinationOf(source: KubeconfigSource): Promise<Destination> {
  const chosen = chosenFrom(source);
  if (chosen)
    return { context: chosen.context, cluster: chosen.clusterName, server: printed(chosen.cluster.server), isPod: false };
  const config = await ownAccount();
  return {
    context: config.getCurrentContext(),
    cluster: 'the account of this Pod',
    server: config.getCurrentCluster()?.server ?? '',
    isPod: true,
  };
}

const filesIn = ({ kubeconfig }: KubeconfigSource) => filesOf(kubeconfig ?? (process.env['KUBECONFIG'] || undefined));

/** The address that client-node makes up where it finds nothing. */
const inventedServer = 'http://localhost:8080';
const noneFound = 'KUBECONFIG is not set, and there is no ~/.kube/config and no account of a Pod: set KUBECONFIG to a kubeconfig';

/** Nothing where no file is named and none is at home: then a Pod has its own account. */
function chosenFrom(source: KubeconfigSource): Chosen | undefined {
  const files = filesIn(source);
  if (areAnyThere(files)) return chosenIn(files, source.context);
  if (source.kubeconfig ?? process.env['KUBECONFIG']) throw new Error(`KUBECONFIG names ${files.join(', ')}, which is not there`);
  return undefined;
}

async function ownAccount(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getCurrentCluster()?.server === inventedServer) throw new Error(noneFound);
  return config;
}

type CredentialOf = (plugin: Plugin) => Promise<Credential>;

/** A plugin is asked again when its credential ends, or was refused. */
function remembering({ pluginWithin }: KubeconfigSource, now: () => number) {
  let kept: { plugin: string; credential: Credential } | undefined;
  const isGood = ({ expirationTimestamp: end }: Credential) => end === undefined || Date.parse(end) > now();
  return {
    forget: () => void (kept = undefined),
    of: async (plugin: Plugin): Promise<Credential> => {
      const asked = JSON.stringify(plugin);
      if (kept?.plugin === asked && isGood(kept.credential)) return kept.credential;
      const credential = await credentialOf(plugin, pluginWithin);
      kept = { plugin: asked, credential };
      return credential;
    },
  };
}

async function configOf(source: KubeconfigSource, credential: CredentialOf): Promise<KubeConfig> {
  const chosen = chosenFrom(source);
  if (!chosen) return ownAccount();
  const { KubeConfig } = await import('@kubernetes/client-node');
  const { exec, tokenFile, ...user } = chosen.user;
  const signing = exec ? signedBy(await credential(exec)) : tokenFile ? fromFile(tokenFile) : {};
  const { server } = chosen.cluster;
  const proxy = source.proxies && proxyFor(source.proxies, server);
  const cluster = { ...chosen.cluster, ...(proxy && !chosen.cluster['proxy-url'] && { 'proxy-url': proxy }) };
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'cluster', cluster }],
      users: [{ name: 'user', user: { ...user, ...signing } }],
      contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
      'current-context': 'context',
    }),
  );
  return config;
}

const encoded = (text: string) => Buffer.from(text).toString('base64');

function signedBy({ token, clientCertificateData: certificate, clientKeyData: key }: Credential) {
  return {
    ...(token && { token }),
    ...(certificate && { 'client-certificate-data': encoded(certificate) }),
    ...(key && { 'client-key-data': encoded(key) }),
  };
}

const fromFile = (tokenFile: string) => ({ 'auth-provider': { name: 'tokenFile', config: { tokenFile } } });

async function opened(source: KubeconfigSource, credential: CredentialOf): Promise<Door> {
  const config = await configOf(source, credential);
  const { HttpMethod, RequestContext } = await import('@kubernetes/client-node');
  const { url, authorization } = signedIn(config.getCurrentCluster()?.server ?? '');
  const context = new RequestContext(url, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const headers = { ...(authorization && { Authorization: authorization }), ...context.getHeaders() };
  return { server: url.replace(/\/+$/, ''), headers, dispatcher: context.getDispatcher() };
}

async function answerOf(
  request: Request,
  body: string | undefined,
  { server, headers: own, dispatcher }: Door,
): Promise<Response> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const method = Object.values(HttpMethod).find(known => known === request.method) ?? HttpMethod.GET;
  const asked = new RequestContext(server + request.url.slice(apiServer.length), method);
  for (const [name, value] of [...request.headers, ...Object.entries(own)]) asked.setHeaderParam(name, value);
  if (dispatcher) asked.setDispatcher(dispatcher);
  if (body !== undefined) asked.setBody(body);
  asked.setSignal(request.signal);
  const { httpStatusCode, headers, body: answer } = await new IsomorphicFetchHttpLibrary().send(asked).toPromise();
  return new Response(answer.stream(), { status: httpStatusCode, headers });
}
