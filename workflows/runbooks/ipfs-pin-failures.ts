import { runbook } from '../kit/index.ts';
import { type PinFindings, pinFailureCause } from './ipfs-pin-failures/cause.ts';
import { ltcRecordsVerified, repinFailedContent } from './ipfs-pin-failures/repinning.ts';

/** One restart switches both. */
const toBackup = { target: 'backup', enabled: true, other: false } as const;
const paused = { target: 'primary', enabled: false } as const;
const threeInARow = { every: '1 minute', for: '2 minutes', atLeast: 3 } as const;
const halfAnHour = { every: '2 minutes', for: '30 minutes', atLeast: 12 } as const;
const pinning = { workloads: ['api' as const, 'worker' as const, 'batch' as const] };
const noSecret = 'no new credentials';
const hosted = 'The first IPFS provider is hosted: there is no daemon of ours to restart, and the API is left alone.';
const stored = 'New credentials are made at the provider and stored, and the old ones still work';
const howTo = 'Put them into a Secret that the platform description names for it (ipfs.credentials), and answer with its name.';

/** Lines about pins with this kind of fault. */
const logs = (kind: string) => ({ pattern: ['ipfs', kind], since: '2 hours' });

/** Records cannot be pinned to IPFS: more than a tenth of the pins fail, or entries of the LTC do not verify. */
export const ipfsPinFailures = runbook('IPFS Pin Failures', async (words, alert) => {
  const { phase, step, check, watch, task, ask, remedy } = words;
  const aDay = { since: alert.startsAt, hoursBefore: 24 };
  let found: PinFindings | undefined;

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'IPFS Pin Failures' }),
      raisedWhereBroken(),
      check('Check IPFS Cluster Health').ipfs.cluster({ aspect: 'health' }),
      toSecondProvider(),
    ]),
  );

  const causes = { 'Storage Full': moreRoom, 'Network Issues': reconnected, 'Authentication Issues': newCredentials };
  await remedy(diagnose, causes, { owner: 'commander', recovered: recovery, expert: 'infrastructure' });

  async function raisedWhereBroken() {
    const { facts, evidence } = await check('Declare Incident: chain of hashes').ipfs.ltcRecords(aDay);
    const text = `${evidence} The integrity of records is at stake: this is a P1 (runbooks severity).`;
    if (facts?.mismatches) await step('Declare Incident: P1').comms.remark({ text });
  }

  async function toSecondProvider() {
    await step('Activate Backup Pinning', { approver: 'primary' }).ipfs.setPinning(toBackup);
    await step('Pause New Pins', { approver: 'primary' }).ipfs.setPinning(paused);
  }

  function diagnose() {
    return phase('Investigation', { by: '30 minutes' }, async () => {
      const [signIn, full, cut, storage, network, login] = await Promise.all([
        check('Check IPFS Cluster Logs: sign-in').observe.logs(logs('401|403|unauthori[sz]ed|forbidden')),
        check('Check IPFS Cluster Logs: storage').observe.logs(logs('402|413|507|no space|insufficient funds')),
        check('Check IPFS Cluster Logs: network').observe.logs(logs('timed? ?out|refused|unreachable|no route')),
        check('Verify Storage Capacity').ipfs.storage({ max: 0.9 }),
        check('Review Network Connectivity').ipfs.cluster({ aspect: 'network' }),
        check('Check Authentication').ipfs.cluster({ aspect: 'login' }),
      ]);
      found = { logs: { login: signIn, storage: full, network: cut }, storage, network, login };
      return pinFailureCause(found);
    });
  }

  async function moreRoom() {
    const list = 'pins to remove';
    const { facts } = await check('Clean up old/unused pins: list').ipfs.storage({ max: 0.8, freeze: list });
    if (facts?.removable) await step('Clean up old/unused pins', { approver: 'infrastructure' }).ipfs.removePins({ list });
    const because = found?.storage.evidence ?? '';
    await task('Expand storage capacity', {
      owner: 'infrastructure',
      confirm: `${because} The new limit is in force, and its cost approved`,
    });
    const rule =
      'A rule that says which pins may expire, and never records under audit retention, is reviewed by security and management';
    await task('Implement pin expiration policies', { owner: 'infrastructure', confirm: rule, blocks: false });
  }

  async function reconnected() {
    const workload = found?.network.facts?.workload;
    if (workload === undefined) await step('Restart IPFS daemon: hosted').comms.remark({ text: hosted });
    else await step('Restart IPFS daemon', { approver: 'infrastructure' }).kubernetes.restart({ workload });
    await check('Check firewall rules').kubernetes.networkPolicies({ ...pinning, to: 'ipfs' });
    await check('Verify cluster configuration').ipfs.cluster({ aspect: 'config' });
  }

  async function newCredentials() {
    await task('Rotate IPFS cluster keys', { owner: 'infrastructure', confirm: stored });
    const how = { owner: 'infrastructure', because: howTo, otherwise: noSecret } as const;
    const secret = await ask('Update configuration: which Secret', { text: 'secret name' }, how);
    if (secret === noSecret) return;
    await step('Update configuration', { approver: 'infrastructure' }).kubernetes.useSecret({ secret, of: 'ipfs' });
    await Promise.all(
      pinning.workloads.map(workload => check(`Restart services: ${workload}`).kubernetes.rolloutStatus({ workload })),
    );
  }

  function recovery() {
    return phase('Recovery', async () => {
      const pinned = await watch('Verify Pinning Resumes', threeInARow).ipfs.testPin({ target: 'primary' });
      if (pinned.verdict !== 'healthy') return pinned;
      await repinFailedContent(words, aDay);
      await ltcRecordsVerified(words, aDay);
      return watch('Monitor Success Rates', halfAnHour).observe.recovered({ of: 'ipfs-pin-failures' });
    });
  }
});
