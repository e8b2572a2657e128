// Who may talk to the practice API server: made once for each practice folder, random, and kept there.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

const administrator = 'system:masters';

/** User name and group; an empty group leaves everything to RBAC. */
const users = {
  you: administrator,
  lab: administrator,
  'nqba-runbooks': '',
  bob: '',
  'system:kube-controller-manager': administrator,
  'system:kube-scheduler': administrator,
  'system:kwok': administrator,
} as const;
export type User = keyof typeof users;

export interface Credentials {
  /** For `--token-auth-file`. */
  tokenFile: string;
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
  token: (user: User) => string;
}

/** Reads the credentials of this folder, or makes them. */
export async function credentials(dir: string): Promise<Credentials> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const paths = {
    tokenFile: join(dir, 'tokens.csv'),
    serviceAccountKey: join(dir, 'service-accounts.key'),
    serviceAccountPublicKey: join(dir, 'service-accounts.pub'),
  };
  const tokens = await readFile(paths.tokenFile, 'utf8').catch(() => make(paths));
  return { ...paths, token: user => tokenOf(user, tokens) };
}

/** The token file comes last: where it stands, the keys stand too. */
async function make(paths: Record<'tokenFile' | 'serviceAccountKey' | 'serviceAccountPublicKey', string>) {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(paths.serviceAccountKey, pair.privateKey, { mode: 0o600 });
  await writeFile(paths.serviceAccountPublicKey, pair.publicKey);
  const lines = Object.entries(users).map(([user, group]) => tokenLine(user, group));
  const tokens = `${lines.join('\n')}\n`;
  await writeFile(paths.tokenFile, tokens, { mode: 0o600 });
  return tokens;
}

const tokenLine = (user: string, group: string) =>
  [randomBytes(24).toString('hex'), user, user, ...(group === '' ? [] : [`"${group}"`])].join(',');

function tokenOf(user: User, tokens: string) {
  const line = tokens.split('\n').find(line => line.split(',')[1] === user);
  return line?.split(',')[0] ?? '';
}

/** As the platform description calls it: orders are given to no other. */
const clusterName = 'nqba-production';

/** Writes one user's kubeconfig. `authority` is the certificate as PEM. */
export async function writeKubeconfig(path: string, access: { server: string; authority: string; user: User; token: string }) {
  const { server, authority, user, token } = access;
  const cluster = { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'nqba-practice', context: { cluster: clusterName, user, namespace: 'nqba-platform' } }],
    'current-context': 'nqba-practice',
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
  return path;
}
