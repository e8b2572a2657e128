import type { Finding } from '../../contract/index.ts';
import type { Words } from '../../kit/index.ts';

const noKey = 'no new key';
const howTo = (secrets: string[]) =>
  `Make a new key in the Dynex portal and keep the old one valid. Put it into ${placeIn(secrets)}, ` +
  'as kubectl create secret generic <name> --from-file=dynex-api-key=/dev/stdin does, and answer with its name.';

const placeIn = (secrets: string[]) =>
  secrets.length > 0 ? `one of the Secrets ${secrets.join(', ')}` : 'one of the Secrets that the platform description has for it';

interface Asking extends Pick<Words, 'ask' | 'check'> {
  /** Those that may hold the key. */
  secrets?: string[] | undefined;
}

/** The Secret that a specialist has put a new key into, once it holds one that Dynex accepts; nothing when there is none. */
export async function newKey(title: string, { ask, check, secrets = [] }: Asking): Promise<string | undefined> {
  let because = howTo(secrets);
  for (;;) {
    const secret = await ask(title, { text: 'secret name' }, { owner: 'quantum', because, otherwise: noKey });
    if (secret === noKey) return undefined;
    const found = await Promise.all([
      check('Update Kubernetes secret: named').kubernetes.secret({ secret, differs: true }),
      check('Update Kubernetes secret: accepted').quantum.dynexKey({ secret }),
    ]);
    const faults = found.filter(isFaulty).map(({ evidence }) => evidence);
    if (faults.length === 0) return secret;
    because = [...new Set(faults)].join(' ');
  }
}

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';
