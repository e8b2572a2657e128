import type { Finding } from '../contract/index.ts';
import { runbook } from '../kit/index.ts';
import { accessCause, type AccessFindings, graver } from './authentication-failures/cause.ts';
import { loginSources, slowDown, stopTheAttack } from './authentication-failures/stop-the-attack.ts';

const incidentChannel = { private: true, roles: ['security' as const] };
const bySecurity = { approver: 'security' } as const;
const p0 = { owner: 'security', otherwise: 'stays P1', by: '1 hour', raises: { P0: 'P0' } } as const;
const exported = {
  owner: 'platform',
  confirm: 'Users that lie in the memory of the API alone are exported, or there are none',
} as const;
const merged = {
  owner: 'security',
  confirm: 'A rule for this pattern, tested with its series, is merged',
  blocks: false,
} as const;
const byHand = { owner: 'platform', confirm: 'Settings of logins are as reviewed in every pod' } as const;
const five = { every: '2 minutes', for: '10 minutes', atLeast: 5, upTo: '2 hours' } as const;
const few = { every: '1 minute', for: '30 minutes', atLeast: 25, upTo: '2 hours' } as const;
const errors = { workload: 'api', pattern: 'login error|authentication error', since: '1 hour' } as const;
const itself = { of: 'authentication-failures' } as const;

/** People cannot log in: an attack, a broken service, or settings that do not fit together. */
export const authenticationFailures = runbook('Authentication Failures', async (words, alert) => {
  const { phase, step, check, watch, task, ask, remedy } = words;
  const before = alert.startsAt;
  let found: AccessFindings | undefined;
  let raising: Promise<unknown> | undefined;

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Authentication Failures', channel: incidentChannel }),
      slowDown(words),
      notifySecurity(),
    ]),
  );
  const causes = {
    'Brute Force Attack': () => stopTheAttack(words, found?.abuse),
    'Service Issue': restart,
    'Configuration Issue': correctSettings,
  };
  await remedy(diagnose, causes, { owner: 'security', recovered: recovery, expert: 'platform' });

  async function notifySecurity() {
    const [login, failures] = await Promise.all([
      check('Check Authentication Service').access.login({}),
      check('Check Authentication Service: failures').access.loginFailures({ before }),
    ]);
    const because = [failures, login].map(({ evidence }) => evidence.slice(0, 280)).join(' ');
    await step('Notify Security Team').oncall.page({ roles: ['primary', 'security'], because });
  }

  async function diagnose() {
    found = await investigate();
    const because = graver(found);
    if (because !== undefined) raising ??= ask('Declare Incident: P0', ['P0', 'stays P1'], { ...p0, because });
    return accessCause(found);
  }

  function investigate() {
    return phase('Investigation', { by: '30 minutes' }, async () => {
      const [failures, login, settings, changes, logs, database, abuse] = await Promise.all([
        check('Analyze Failure Patterns').access.loginFailures({ before }),
        check('Analyze Failure Patterns: login').access.login({}),
        check('Analyze Failure Patterns: settings').access.settings({}),
        check('Analyze Failure Patterns: changes').kubernetes.rollouts({ workloads: ['api'], before, alert: alert.name }),
        check('Check Service Logs').observe.logs(errors),
        check('Verify Database Connectivity').database.reachable({}),
        check('Check for Brute Force').gateway.abuse({ surface: 'login', freeze: loginSources }),
      ]);
      return { failures, login, settings, changes, logs, database, abuse };
    });
  }

  /** The pods hold users, sessions and lockouts in their memory: what a restart loses is said where it is approved. */
  async function restart() {
    await task('Restart authentication service: export', exported);
    await step('Restart authentication service', { approver: 'commander' }).kubernetes.restart({ workload: 'api' });
    await check('Check database connectivity').database.reachable({});
    await check('Verify configuration').access.settings({});
  }

  async function correctSettings() {
    const reviewed = found?.settings.facts?.configuration;
    if (reviewed) await step('Update authentication settings', bySecurity).kubernetes.setConfigMap(reviewed);
    else await task('Update authentication settings: by hand', byHand);
    await check('Verify JWT configuration').access.settings({ what: 'jwt' });
    await check('Check password policies').access.settings({ what: 'passwords' });
  }

  function recovery(): Promise<Finding> {
    return phase('Recovery', async () => {
      const login = await watch('Verify Authentication', five).access.login({});
      if (login.verdict !== 'healthy') return login;
      // An account that is locked fails with its own password: the rates return to normal only after these.
      const { facts } = await check('Unlock Accounts: who is locked').access.loginFailures({ before, freeze: 'locked accounts' });
      if (facts?.locked) await step('Unlock Accounts', bySecurity).access.unlockAccounts({ list: 'locked accounts' });
      const rates = await watch('Monitor Failure Rates', few).observe.recovered(itself);
      if (rates.verdict !== 'healthy') return rates;
      await task('Implement Monitoring', merged);
      await raising;
      return rates;
    });
  }
});
