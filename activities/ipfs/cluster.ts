/** The first provider from four sides: does it answer, does it meet others, does it let us in, is it what is pinned to. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Verdict } from '../../workflows/contract/vocabulary.ts';
import { configMaps } from '../connectors/resources.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { configMapCalled, ipfsOf } from '../platform.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import type { IpfsClusterFacts } from './facts.ts';
import { pinFailures } from './failures-metric.ts';
import { backupOf, primaryOf } from './providers.ts';

export interface ClusterInput {
  aspect: 'health' | 'network' | 'login' | 'config';
}

type Found = Promise<Finding<IpfsClusterFacts>>;

/** @throws SystemError */
export const checkCluster = (deps: Deps, { aspect }: ClusterInput): Found => aspects[aspect](deps);

const aspects: Record<ClusterInput['aspect'], (deps: Deps) => Found> = {
  health: checkHealth,
  network: checkNetwork,
  login: checkLogin,
  config: checkConfig,
};

/** One pin in a hundred may fail. */
const mostFailed = 0.01;

async function checkHealth(deps: Deps): Found {
  const parts: Part[] = await Promise.all([answers(deps), part(() => pinFailures(deps, mostFailed)).then(fewLeftOut)]);
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}

/** Few pins, or none that are counted, do not make the provider unknown. */
const fewLeftOut = (seen: Part): Part => ('verdict' in seen && seen.verdict === 'unknown' ? { leftOut: seen.evidence } : seen);

/** A provider that cannot be reached, or answers with something else, is at fault; where we lack the right it is not known. */
async function answers(deps: Deps): Promise<Finding> {
  const kubo = primaryOf(deps);
  try {
    const { agent } = await kubo.id();
    return { verdict: 'healthy', evidence: `${kubo.address} answers as ${agent || 'a pinning API'}.` };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const isLogin = error.status === 401 || error.status === 403;
    return { verdict: isLogin ? 'unknown' : 'faulty', evidence: `${error.message}.` };
  }
}

async function checkNetwork(deps: Deps): Found {
  const { workload, peers: fewest } = ipfsOf(deps.platform);
  const reached = await answers(deps);
  // Whoever refuses our credentials is reached.
  const verdict = reached.verdict === 'faulty' ? 'faulty' : 'healthy';
  if (workload === undefined) return { verdict, evidence: `${reached.evidence} The provider is hosted: its peers are its own.` };
  if (verdict === 'faulty') return { verdict, evidence: reached.evidence, facts: { workload } };
  const peers = await primaryOf(deps).peers().catch(offline);
  const evidence = `${reached.evidence} It is connected to ${peers} peers, ${fewest} at least are wanted.`;
  return { verdict: peers < fewest ? 'faulty' : 'healthy', evidence, facts: { peers, workload } };
}

/** A node that was started offline meets no one. */
function offline(error: unknown): number {
  if (error instanceof SystemError && /online mode/.test(error.message)) return 0;
  throw error;
}

async function checkLogin(deps: Deps): Found {
  const kubo = primaryOf(deps);
  const code = await kubo.signIn();
  const first = { verdict: taken(code), evidence: `${kubo.address} answers ${code} to a read with our credentials.` };
  const parts: Part[] = [first, await part(() => backupLogin(deps))];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: { code } };
}

async function backupLogin(deps: Deps): Promise<Finding> {
  const code = await backupOf(deps).signIn();
  return { verdict: taken(code), evidence: `The second provider answers ${code} to our token.` };
}

/** Of credentials, by the HTTP status of a read with them. */
function taken(code: number): Verdict {
  if (code === 401 || code === 403) return 'faulty';
  return code >= 200 && code < 300 ? 'healthy' : 'unknown';
}

/** Hosts that read alone: none of them has /api/v0/add. */
const readGateways = /(^|\.)(gateway\.pinata\.cloud|ipfs\.io|dweb\.link|cloudflare-ipfs\.com)$/;

async function checkConfig(deps: Deps): Found {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { configMap, endpoint } = ipfsOf(deps.platform);
  if (endpoint === undefined)
    return { verdict: 'unknown', evidence: 'The platform description names no key with the address (ipfs.endpoint).' };
  const place = configMapCalled(deps.platform, configMap);
  const value = (await kubernetes.read(configMaps, place)).data[endpoint];
  const where = `${endpoint} of ${targetName({ kind: 'ConfigMap', ...place })}`;
  if (value === undefined)
    return {
      verdict: 'faulty',
      evidence: `${where} is not set: pods pin to the default of the code, gateway.pinata.cloud, which only reads.`,
    };
  return judged(where, value, primaryOf(deps).address);
}

function judged(where: string, value: string, address: string): Finding<IpfsClusterFacts> {
  const host = hostOf(value);
  if (host === undefined) return { verdict: 'faulty', evidence: `${where} is no address.` };
  if (readGateways.test(host))
    return { verdict: 'faulty', evidence: `${where} is ${host}, a gateway that only reads: it has no /api/v0/add.` };
  if (host !== hostOf(address))
    return { verdict: 'faulty', evidence: `${where} is ${host}, and the provider that is checked is ${hostOf(address)}.` };
  return { verdict: 'healthy', evidence: `${where} is ${host}, the provider that is checked.` };
}

const hostOf = (address: string): string | undefined => (URL.canParse(address) ? new URL(address).hostname : undefined);
