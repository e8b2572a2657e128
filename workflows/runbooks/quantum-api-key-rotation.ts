import { fieldsOf, operation } from '../kit/index.ts';
import { newKey } from './dynex-outage/new-key.ts';

const twice = { every: '1 minute', for: '1 minute', atLeast: 2 } as const;
const halfAnHour = { every: '2 minutes', for: '30 minutes', atLeast: 12 } as const;
const onDynex = { solver: 'dynex', successRate: 0.95 } as const;

/** A new Dynex key beside the old one: the old one is revoked last, by a person, after jobs ran on the new one for half an hour. */
export const quantumApiKeyRotation = operation(
  'Quantum API Key Rotation',
  fieldsOf['quantum-api-key-rotation'],
  async ({ step, check, watch, task, ask }, _, __, { keySecrets: secrets }) => {
    const before = await check('Update Kubernetes secret: the one in use').quantum.keyVersions({});
    const secret = await newKey('Generate new Dynex API key', { ask, check, secrets });
    if (secret === undefined) return 'There is no new key: the old one stays in use';

    await step('Update deployment', { approver: 'quantum' }).kubernetes.useSecret({ secret });
    const taken = await check('Update deployment: which key is in use').quantum.keyVersions({ secret });
    if (taken.verdict !== 'healthy') return keepTheOld('Update deployment: keep the old key valid', taken.evidence);

    const found = await Promise.all([
      watch('Verify quantum jobs still work: canary', twice).quantum.canary({ solver: 'dynex' }),
      watch('Verify quantum jobs still work: every pod', halfAnHour).quantum.keyVersions({ secret }),
      watch('Verify quantum jobs still work: key', halfAnHour).quantum.dynexKey({}),
      watch('Verify quantum jobs still work: jobs', halfAnHour).quantum.jobs(onDynex),
    ]);
    const doubts = found.filter(({ verdict }) => verdict !== 'healthy').map(({ evidence }) => evidence);
    if (doubts.length > 0) return keepTheOld('Verify quantum jobs still work: keep the old key valid', doubts.join(' '));

    await task('Verify quantum jobs still work: revoke the old key', {
      owner: 'quantum',
      confirm: `The old key${placeOf(before.facts?.secrets)} is revoked in the Dynex portal. Jobs ran on the new one for 30 minutes.`,
    });
    return revoked(before.facts?.secrets);

    async function keepTheOld(title: string, evidence: string) {
      const confirm = `${evidence} Revoke neither key before this is clear. To use the old key again: runbooks undo.`;
      await task(title, { owner: 'quantum', confirm, blocks: false });
      return 'The old key stays valid';
    }

    /** One call with the old key must be refused. */
    async function revoked([former, ...others]: string[] = []) {
      const done = `The key comes from Secret ${secret}`;
      if (former === undefined || others.length > 0) return `${done}; whether the old one is refused was not measured`;
      const old = await check('Verify quantum jobs still work: the old key is refused').quantum.dynexKey({
        secret: former,
        revoked: true,
      });
      if (old.verdict === 'healthy') return `${done}; the old one is refused`;
      const confirm = `${old.evidence} Revoke it in the Dynex portal.`;
      await task('Verify quantum jobs still work: the old key is not known to be refused', {
        owner: 'quantum',
        confirm,
        blocks: false,
      });
      return done;
    }
  },
);

const placeOf = (secrets: string[] = []) => (secrets.length > 0 ? ` (of Secret ${secrets.join(', ')})` : '');
