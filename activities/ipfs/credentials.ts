/** The credentials of the first provider in a Secret. The values go to that provider and nowhere else; people see where they lie and a digest. */

import { type FailureType, targetName } from '../../workflows/contract/action.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { type Kubernetes, readIfAny } from '../connectors/kubernetes.ts';
import { secrets } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { credentialSecrets, ipfsOf } from '../platform.ts';
import { primaryOf } from './providers.ts';

export interface Credentials {
  where: string;
  /** Salted; equal credentials in one place have equal ones. */
  digest: string;
}

/** Why they cannot be used; the text says what to do. */
export interface Unusable {
  type: FailureType;
  text: string;
}

/** Tried at the provider. @throws SystemError */
export async function credentialsIn(kubernetes: Kubernetes, deps: Deps, secret: string): Promise<Credentials | Unusable> {
  const places = credentialSecrets(deps.platform);
  const place = places.find(({ name }) => name === secret);
  const known = places.map(({ name }) => name).join(', ') || 'none';
  if (!place)
    return {
      type: 'BadInput',
      text: `${secret} is not for these credentials: use one that ipfs.credentials in the platform description names (${known}).`,
    };
  const where = targetName({ kind: 'Secret', ...place });
  const found = await readIfAny(kubernetes, secrets, place);
  if (!found) return { type: 'NotFound', text: `${where} does not exist: make it with both keys.` };
  const keys = ipfsOf(deps.platform).credentials?.keys ?? { id: '', secret: '' };
  const valueOf = (key: string) => Buffer.from(found.data[key] ?? '', 'base64').toString('utf8');
  const project = { id: valueOf(keys.id), secret: valueOf(keys.secret) };
  const empty = Object.values(project).some(value => value.trim() === '' || value !== value.trim());
  if (empty)
    return {
      type: 'BadInput',
      text: `${where} lacks ${keys.id} or ${keys.secret}, or has white space around one: put both there.`,
    };
  const refused = await refusal(project, deps);
  if (refused !== undefined) return { type: 'Refused', text: `${refused} (${where}).` };
  return { where, digest: sha256(`${deps.platform.cluster} ${where} ${project.id}:${project.secret}`).slice(0, 8) };
}

/** Why the provider does not take them; nothing where it does. */
async function refusal(project: { id: string; secret: string }, deps: Deps): Promise<string | undefined> {
  try {
    const code = await primaryOf(deps).signIn(project);
    return code >= 200 && code < 300 ? undefined : `The first IPFS provider answers ${code} to them`;
  } catch (error) {
    if (error instanceof SystemError) return error.message;
    throw error;
  }
}
