/** Is the key in use accepted? Evidence names where the key lies and a salted digest, never any part of it. */

import type { Finding } from '../workflows/contract/finding.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { DynexKeyFacts } from './facts.ts';
import { keyCalled, type KeyRead, readKey } from './quantum/key/secret.ts';
import { referencesInUse } from './quantum/key/view.ts';
import { trusted } from './seen.ts';

export interface KeyAsked {
  /** With a key that is not used yet, or no more. */
  secret?: string;
  /** It is revoked: healthy where Dynex refuses it. */
  revoked?: true;
}

/** With the key in that Secret, before anyone uses it; without one with each key in use. @throws SystemError */
export async function checkKey(deps: Deps, { secret, revoked }: KeyAsked = {}): Promise<Finding<DynexKeyFacts>> {
  const { kubernetes, dynex } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  if (!dynex?.address) throw notConnected('Dynex', 'DYNEX_API_URL');
  if (secret !== undefined) {
    const key = await keyCalled(kubernetes, deps, secret);
    if ('type' in key) return { verdict: 'faulty', evidence: key.text };
    const finding = await tried(key, deps);
    return revoked ? refusedAsWanted(finding) : finding;
  }
  const inUse = await referencesInUse(kubernetes, deps.platform);
  return worst(await Promise.all(inUse.map(async reference => tried(await readKey(kubernetes, deps, reference), deps))));
}

async function tried(key: KeyRead, deps: Deps): Promise<Finding<DynexKeyFacts>> {
  const { dynex } = deps.systems;
  if (!dynex?.address) throw notConnected('Dynex', 'DYNEX_API_URL');
  if (!key.value.trim()) return { verdict: 'faulty', evidence: `${key.where} is empty: put a key there.` };
  const code = await dynex.account(key.value.trim());
  return trusted(deps, { check: 'dynexKey', address: dynex.address }, judge(code, key));
}

const opposite = { healthy: 'faulty', faulty: 'healthy', unknown: 'unknown' } as const;

const refusedAsWanted = <F extends Finding>(finding: F): F => ({ ...finding, verdict: opposite[finding.verdict] });

/** A key that is refused is not made better by another that is not. */
const worst = <F extends Finding>(findings: F[]): F =>
  findings.reduce((worst, one) => (gravity.indexOf(one.verdict) < gravity.indexOf(worst.verdict) ? one : worst));

const gravity = ['faulty', 'unknown', 'healthy'];

function judge(code: number, { value, where, digest }: KeyRead): Finding<DynexKeyFacts> {
  const odd = value.startsWith('dnx_') ? '' : ' It does not begin with dnx_.';
  const evidence = `(${where}, digest ${digest}).${odd}`;
  const facts = { code };
  if (code >= 200 && code < 300) return { verdict: 'healthy', evidence: `Dynex accepts the key: ${code} ${evidence}`, facts };
  if (code === 401 || code === 403) return { verdict: 'faulty', evidence: `Dynex refuses the key: ${code} ${evidence}`, facts };
  return { verdict: 'unknown', evidence: `Dynex answered ${code}, which says nothing about the key ${evidence}`, facts };
}
