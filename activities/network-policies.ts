/** May the pods reach Dynex, or the first IPFS provider, as far as NetworkPolicies say? What holds traffic outside the cluster is not read, and said. */

import { isIP } from 'node:net';
import { targetName } from '../workflows/contract/action.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import type { Verdict, Workload } from '../workflows/contract/vocabulary.ts';
import { addressesOf } from './connectors/names.ts';
import { type NetworkPolicy, networkPolicies } from './connectors/network-resources.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import type { Deps } from './deps.ts';
import { type Allowed, type Flow, judge, restricting } from './egress.ts';
import { workloadOf } from './platform.ts';
import { readWorkload } from './engine/rollout.ts';

interface Told {
  allowed: Allowed;
  name: string;
  /** The sentence about it; equal ones are grouped. */
  says: string;
}

export interface PoliciesInput {
  workloads: Workload[];
  /** Dynex unless told. */
  to?: 'dynex' | 'ipfs';
}

/** @throws SystemError */
export async function checkPolicies(deps: Deps, { workloads, to = 'dynex' }: PoliciesInput): Promise<Finding> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { dynex, kubo } = deps.systems;
  const address = to === 'dynex' ? dynex?.address : kubo?.address;
  const flows = await flowsTo(address, to === 'dynex' ? 'Dynex' : 'the IPFS provider');
  const told = (await Promise.all(workloads.map(role => tellOf(kubernetes, deps, role, flows)))).flat();
  const groups = [...Map.groupBy(told, ({ says }) => says)].toSorted(([, [a]], [, [b]]) => rank(a) - rank(b));
  const sentences = groups.map(([says, those]) => `${those.map(({ name }) => name).join(', ')} ${says}.`);
  return { verdict: verdictOf(told), evidence: [...sentences, beyond].join(' ') };
}

const beyond = 'Only NetworkPolicies were read: firewalls and NAT outside the cluster are not.';
const gravity: Allowed[] = ['no', 'not known', 'yes'];
const rank = (told?: Told) => gravity.indexOf(told?.allowed ?? 'yes');

function verdictOf(told: Told[]): Verdict {
  if (told.some(({ allowed }) => allowed === 'no')) return 'faulty';
  return told.every(({ allowed }) => allowed === 'yes') ? 'healthy' : 'unknown';
}

/** The call itself, and the name resolved before it. Without an address it is somewhere outside, behind 443. */
async function flowsTo(address: string | undefined, name: string): Promise<Map<string, Flow>> {
  const url = address ? new URL(address) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const port = Number(url?.port) || (url?.protocol === 'http:' ? 80 : 443);
  const call: Flow = { protocol: 'TCP', port, to: host ? await addressesOf(host) : [] };
  const flows = new Map([[`${host || name}:${port}`, call]]);
  return isIP(host) === 0 ? flows.set('DNS (53)', { protocol: 'UDP', port: 53, to: 'anywhere' }) : flows;
}

async function tellOf(kubernetes: Kubernetes, { platform }: Deps, role: Workload, flows: Map<string, Flow>): Promise<Told[]> {
  const workload = workloadOf(platform, role);
  const [{ spec }, policies] = await Promise.all([
    readWorkload(kubernetes, workload),
    kubernetes.list(networkPolicies, workload.namespace),
  ]);
  const own = restricting(policies, spec.template.metadata.labels);
  if (own.length === 0)
    return [{ allowed: 'yes', name: workload.name, says: 'may reach everything: no NetworkPolicy selects its pods' }];
  return [...flows].map(([what, flow]) => {
    const { allowed, by } = judge(own, flow);
    return { allowed, name: workload.name, says: sentences[allowed](what, namesOf(by)) };
  });
}

const sentences: Record<Allowed, (what: string, policies: string) => string> = {
  yes: (what, policies) => `may reach ${what} (${policies})`,
  no: (what, policies) => `may not reach ${what}: none of the policies that select its pods allows it (${policies})`,
  'not known': (what, policies) => `may perhaps reach ${what}: its address could not be resolved (${policies})`,
};

const namesOf = (policies: NetworkPolicy[]) =>
  policies.map(({ metadata }) => targetName({ kind: 'NetworkPolicy', ...metadata })).join(', ');
