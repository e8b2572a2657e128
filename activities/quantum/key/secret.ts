/** The key in a Secret, by its name. The value goes to Dynex and nowhere else; people see where it lies and a digest. */

import { type FailureType, targetName } from '../../../workflows/contract/action.ts';
import type { Finding } from '../../../workflows/contract/finding.ts';
import { sha256 } from '../../connectors/artifacts.ts';
import { type Kubernetes, readIfAny } from '../../connectors/kubernetes.ts';
import { type Secret, secrets } from '../../connectors/resources.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { keySecrets, type Placed, type Platform, quantumOf, secretCalled } from '../../platform.ts';
import type { Reference } from './reference.ts';
import { referencesInUse } from './view.ts';

/** The owner of the key. */
export type KeyOf = 'dynex';

export interface KeyRead {
  /** Never told to anyone but Dynex. */
  value: string;
  /** `Secret shop/keys, key api-key, last written 4 days ago`. */
  where: string;
  /** Since the Secret was last written by whoever owns the key there; nothing where the cluster does not say. */
  days: number | undefined;
  /** Salted; equal keys in one place have equal ones. */
  digest: string;
}

/** Why a Secret's key cannot be used; the text says what to do. */
export interface Unusable {
  type: FailureType;
  text: string;
}

/** @throws SystemError */
export async function readKey(kubernetes: Kubernetes, deps: Pick<Deps, 'platform' | 'now'>, from: Reference): Promise<KeyRead> {
  return keyIn(await kubernetes.read(secrets, secretCalled(deps.platform, from.secret)), from, deps);
}

function keyIn(secret: Secret, { secret: name, key }: Reference, { platform, now }: Pick<Deps, 'platform' | 'now'>): KeyRead {
  const value = Buffer.from(secret.data[key] ?? '', 'base64').toString('utf8');
  const at = `${secretName(secretCalled(platform, name))}, key ${key}`;
  const days = Math.floor((now() - writtenAt(secret, key)) / 86_400_000);
  const isKnown = Number.isFinite(days);
  const where = isKnown ? `${at}, last written ${days} days ago` : at;
  return {
    value,
    where,
    days: isKnown ? days : undefined,
    digest: sha256(`${platform.cluster} ${at} ${value.trim()}`).slice(0, 8),
  };
}

/** Milliseconds since 1970: when whoever owns that key of the Secret last wrote it; other keys of theirs count too. */
export function writtenAt({ metadata: { creationTimestamp, managedFields } }: Secret, key: string): number {
  const owners = managedFields.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1['f:data'] ?? {}).includes(`"f:${key}"`));
  const times = owners.length > 0 ? owners.map(({ time }) => time) : [creationTimestamp];
  return Math.max(...times.map(time => (time ? Date.parse(time) : Number.NEGATIVE_INFINITY)));
}

/** A key that may be tried, or why it may not. @throws SystemError */
export async function keyCalled(kubernetes: Kubernetes, deps: Deps, secret: string): Promise<KeyRead | Unusable> {
  const { platform } = deps;
  const { key } = quantumOf(platform).key;
  if (!keySecrets(platform).includes(secret)) return unusable('BadInput', `${secret} is not for keys. ${places(platform)}`);
  const place = secretCalled(platform, secret);
  const found = await readIfAny(kubernetes, secrets, place);
  if (!found) return unusable('NotFound', `${secretName(place)} does not exist. ${howToMake(platform, secret)}`);
  const read = keyIn(found, { secret, key }, deps);
  if (read.value.trim() === '') return unusable('BadInput', `${read.where} is empty: put the key there.`);
  if (read.value !== read.value.trim())
    return unusable(
      'BadInput',
      `${read.where} begins or ends with white space, which pods would send too: put it there without.`,
    );
  return read;
}

export const secretName = (place: Placed) => targetName({ kind: 'Secret', ...place });

const unusable = (type: FailureType, text: string): Unusable => ({ type, text });

const places = (platform: Platform) =>
  `Put the key into one of ${keySecrets(platform).join(', ')} (quantum.key in the platform description) and name that.`;

const howToMake = (platform: Platform, secret: string) =>
  `Make it: kubectl -n ${secretCalled(platform, secret).namespace} create secret generic ${secret} --from-file=${quantumOf(platform).key.key}=/dev/stdin`;

/** @throws SystemError */
export async function checkSecret(deps: Deps, { secret, differs }: { secret: string; differs?: boolean }): Promise<Finding> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const key = await keyCalled(kubernetes, deps, secret);
  if ('type' in key) return { verdict: 'faulty', evidence: key.text };
  if (!differs) return { verdict: 'healthy', evidence: `${key.where}, holds a key.` };
  const used = await Promise.all((await referencesInUse(kubernetes, deps.platform)).map(from => readKey(kubernetes, deps, from)));
  const same = used.find(({ value }) => value.trim() === key.value);
  if (same)
    return { verdict: 'faulty', evidence: `${key.where}, holds the key that is in use (${same.where}): put the new one there.` };
  return { verdict: 'healthy', evidence: `${key.where}, holds another key than the one in use.` };
}
