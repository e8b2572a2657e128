/** NetworkPolicies decide which systems a pod may reach: policies add up, and a pod that none selects may reach everything. Pure. */

import { BlockList, isIPv6 } from 'node:net';
import type { EgressRule, NetworkPolicy, Selector } from './connectors/network-resources.ts';

export interface Flow {
  protocol: 'TCP' | 'UDP';
  port: number;
  /** Where it goes outside the cluster; `anywhere` is wherever a rule lets it, nothing where the addresses are not known. */
  to: string[] | 'anywhere';
}

export type Allowed = 'yes' | 'no' | 'not known';

/** Of these policies, those that hold what pods with these labels may reach. */
export const restricting = (policies: NetworkPolicy[], labels: Record<string, string>): NetworkPolicy[] =>
  policies.filter(({ spec }) => holdsEgress(spec) && selects(spec.podSelector, labels));

const holdsEgress = ({ policyTypes, egress }: NetworkPolicy['spec']) =>
  policyTypes === undefined ? egress.length > 0 : policyTypes.includes('Egress');

function selects({ matchLabels, matchExpressions }: Selector, labels: Record<string, string>): boolean {
  const equal = Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
  return equal && matchExpressions.every(expression => fits(expression, labels));
}

function fits({ key, operator, values }: Selector['matchExpressions'][number], labels: Record<string, string>): boolean {
  const value = labels[key];
  const among = value !== undefined && values.includes(value);
  if (operator === 'In') return among;
  if (operator === 'NotIn') return !among;
  return (operator === 'Exists') === (value !== undefined);
}

/** The verdict of all policies of a pod about a flow, and those that allow it. */
export function judge(policies: NetworkPolicy[], flow: Flow): { allowed: Allowed; by: NetworkPolicy[] } {
  const said = policies.map(policy => ({ policy, allowed: strongest(policy.spec.egress.map(rule => ruled(rule, flow))) }));
  const allowed = policies.length === 0 ? 'yes' : strongest(said.map(({ allowed }) => allowed));
  return { allowed, by: said.filter(one => one.allowed === allowed).map(({ policy }) => policy) };
}

const strongest = (said: Allowed[]): Allowed => (['yes', 'not known'] as const).find(allowed => said.includes(allowed)) ?? 'no';

function ruled({ to, ports }: EgressRule, flow: Flow): Allowed {
  const open = ports.length === 0 || ports.some(port => isOpen(port, flow));
  if (!open) return 'no';
  return to.length === 0 || flow.to === 'anywhere' ? 'yes' : strongest(to.map(peer => reached(peer, flow.to)));
}

/** A port by name is one of a pod, and outside there is none. */
function isOpen({ protocol, port, endPort }: EgressRule['ports'][number], flow: Flow): boolean {
  if (protocol !== flow.protocol) return false;
  return port === undefined || (typeof port === 'number' && flow.port >= port && flow.port <= (endPort ?? port));
}

const everything = ['0.0.0.0/0', '::/0'];

/** Selectors of pods and namespaces reach nothing outside. */
function reached({ ipBlock }: EgressRule['to'][number], to: Flow['to']): Allowed {
  if (!ipBlock) return 'no';
  if (to === 'anywhere' || (everything.includes(ipBlock.cidr) && ipBlock.except.length === 0)) return 'yes';
  if (to.length === 0) return 'not known';
  const inside = blocks([ipBlock.cidr]);
  const outside = blocks(ipBlock.except);
  return to.every(address => has(inside, address) && !has(outside, address)) ? 'yes' : 'no';
}

function blocks(cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', prefix = ''] = cidr.split('/');
    list.addSubnet(net, Number(prefix), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list;
}

const has = (list: BlockList, address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
