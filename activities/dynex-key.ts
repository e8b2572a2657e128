/** Is the key in use accepted? Evidence names where the key lies and a salted digest, never any part of it. */

import type { Finding } from '../workflows/contract/finding.ts';
import { sha256 } from './connectors/artifacts.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import { secrets } from './connectors/resources.ts';
import { notConnected } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { DynexKeyFacts } from './facts.ts';
import { type Platform, quantumSecret } from './platform.ts';
import { trusted } from './seen.ts';

/** @throws SystemError */
export async function checkKey(deps: Deps): Promise<Finding<DynexKeyFacts>> {
  const { kubernetes, dynex } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  if (!dynex?.address) throw notConnected('Dynex', 'DYNEX_API_URL');
  const { key, where } = await keyInUse(kubernetes, deps);
  if (!key) return { verdict: 'faulty', evidence: `${where} is empty: put a key there.` };
  const code = await dynex.account(key);
  return trusted(deps, { check: 'dynexKey', address: dynex.address }, judge(code, where, key, deps.platform));
}

async function keyInUse(kubernetes: Kubernetes, { platform, now }: Deps) {
  const place = quantumSecret(platform);
  const { key: field } = platform.quantum.key;
  const { data, metadata } = await kubernetes.read(secrets, place);
  const written = Math.max(...[metadata.creationTimestamp, ...metadata.managedFields.map(({ time }) => time)].map(since));
  const days = Math.floor((now() - written) / 86_400_000);
  const age = Number.isFinite(days) ? `, ${days} days old` : '';
  return {
    key: Buffer.from(data[field] ?? '', 'base64')
      .toString('utf8')
      .trim(),
    where: `Secret ${place.namespace}/${place.name}, key ${field}${age}`,
  };
}

const since = (time: string | null | undefined) => (time ? Date.parse(time) : Number.NEGATIVE_INFINITY);

function judge(code: number, where: string, key: string, { cluster }: Platform): Finding<DynexKeyFacts> {
  const digest = sha256(`${cluster} ${where.split(',', 1)[0]} ${key}`).slice(0, 8);
  const odd = key.startsWith('dnx_') ? '' : ' It does not begin with dnx_.';
  const evidence = `(${where}, digest ${digest}).${odd}`;
  const facts = { code };
  if (code >= 200 && code < 300) return { verdict: 'healthy', evidence: `Dynex accepts the key: ${code} ${evidence}`, facts };
  if (code === 401 || code === 403) return { verdict: 'faulty', evidence: `Dynex refuses the key: ${code} ${evidence}`, facts };
  return { verdict: 'unknown', evidence: `Dynex answered ${code}, which says nothing of the key ${evidence}`, facts };
}
