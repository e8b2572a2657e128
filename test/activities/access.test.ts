// Logins over the stand-in of the platform's own API: three pods, customers, and the troubles that their traffic makes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { frozenItems } from '../../activities/engine/frozen-list.ts';
import { accountItem } from '../../activities/access/locked.ts';
import { judgeSettings } from '../../activities/access/settings.ts';
import { aheadOf, judgeTokens } from '../../activities/access/tokens.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import type { Deps } from '../../activities/deps.ts';
import { createActivities } from '../../activities/index.ts';
import { nqbaApi } from '../../lab/stand-ins/api.ts';
import { tokens } from '../../lab/stand-ins/platform/served.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { customersOn, type State, synthetic, type TroubleKind } from '../../lab/world/customers.ts';
import type { World } from '../../lab/world.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';
import { done, planned } from './outcomes.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');
const minute = 60_000;
const iso = (at: number) => new Date(at).toISOString();
const before = iso(noon - 10 * minute);
const names = ['api-1', 'api-2', 'api-3'];
const items = names.map((name, index) => ({
  metadata: { name },
  spec: { containers: [] },
  status: { phase: 'Running', podIP: `10.0.0.${index + 1}` },
}));
const during = (kind: TroubleKind): Partial<State> => ({ density: 20, troubles: [{ kind, from: noon - 10 * minute }] });

const attackers = ['203.0.113.50', '203.0.113.51', '203.0.113.52'].map(address => ({
  cidr: `${address}/32`,
  how: 'block' as const,
  until: iso(noon + 60 * minute),
  reason: 'spraying',
}));

interface Given {
  world?: Partial<State>;
  password?: string;
  account?: null;
  pods?: null;
  behind?: string;
  /** Sources that both Ingresses deny. */
  denied?: string;
  pace?: number;
}

function access({ world = { density: 20 }, password = synthetic.password, account, pods, behind, denied, pace = 1 }: Given = {}) {
  const clock = virtualClock(noon);
  const customers = customersOn({ read: (_, otherwise) => otherwise, write: () => {} }, noon, world);
  const all = (): World => ({ pods: [], systems: [], api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods: names }], customers });
  const api = nqbaApi(surroundings(clock), all);
  const operatorApi = {
    url: 'http://api',
    token: tokens.operator,
    podUrl: pods === null ? undefined : 'http://api/pods/{name}',
    account: account === null ? undefined : { email: synthetic.email, password },
    fetch: api.fetch,
  };
  const hold = { 'mode.authentication-failures': 'supervised' };
  const annotations = denied === undefined ? {} : { 'nginx.ingress.kubernetes.io/denylist-source-range': denied };
  const kubernetes = ({ url }: Request) => {
    const { pathname } = new URL(url);
    if (pathname.includes('/ingresses/')) return Response.json({ metadata: { name: 'ingress', uid: '1', annotations } });
    return Response.json(pathname.endsWith('/nqba-runbooks') ? { metadata: { name: 'nqba-runbooks' }, data: hold } : { items });
  };
  const described = aPlatform.access;
  assert.ok(described);
  const deps: Deps = {
    platform: { ...aPlatform, access: { ...described, behind }, times: { ...aPlatform.times, pace } },
    systems: connected({ kubernetes: { fetch: kubernetes }, operatorApi }, clock),
    ...clock,
    running: () => ({ ...running(), workflowType: 'authenticationFailures' }),
    takeBackLater: async () => undefined,
  };
  return { ...createActivities(deps), deps, customers, clock };
}

describe('a synthetic round', () => {
  test('is healthy where all of it works in every pod and at the address of all', async () => {
    const { verdict, evidence, facts } = await access().access.login({});
    assert.equal(verdict, 'healthy', evidence);
    assert.deepEqual(facts, { places: 4, works: 4, broken: [], fails: false });
    assert.match(evidence, /work in 4 of 4 places\. Not checked: Prometheus is not connected/);
  });

  test('names what it cannot see behind a single sign-on', async () => {
    const { evidence } = await access({ behind: 'Okta' }).access.login({});
    assert.match(evidence, /Not checked:.* the login at Okta, which stands in front: the rounds begin behind it/);
  });

  test('a wrong password that the platform answers 500 is no broken login while none was ever accepted', async () => {
    const { verdict, evidence } = await access({ password: 'old' }).access.login({});
    assert.equal(verdict, 'unknown');
    assert.match(evidence, /answered 500.*was never accepted here: correct NQBA_SYNTHETIC_PASSWORD/);
  });

  test('a password that was accepted before decides: the login is at fault', async () => {
    const { access: checks, deps } = access();
    assert.equal((await checks.login({})).verdict, 'healthy');
    const { operatorApi } = deps.systems;
    assert.ok(operatorApi);
    const wrong = { email: synthetic.email, password: 'old' };
    const changed = { ...deps, systems: { ...deps.systems, operatorApi: { ...operatorApi, account: wrong } } };
    const { verdict, evidence } = await createActivities(changed).access.login({});
    assert.equal(verdict, 'faulty');
    assert.match(evidence, /The password is known to be good/);
  });

  test('an account of ours that is locked says nothing of others', async () => {
    const { access: checks, deps } = access();
    for (const name of names)
      await deps.systems.operatorApi?.ofPod?.({ name, ip: '' }).users.set(synthetic.id, { status: 'locked' });
    const { verdict, evidence } = await checks.login({});
    assert.equal(verdict, 'unknown');
    assert.match(evidence, /The account of ours is locked/);
  });

  test('one pod that refuses the account is faulty, as another accepts it', async () => {
    const { access: checks, deps } = access();
    await checks.login({});
    await deps.systems.operatorApi?.ofPod?.({ name: 'api-2', ip: '' }).users.set(synthetic.id, { status: 'suspended' });
    const { verdict, facts } = await checks.login({});
    assert.equal(verdict, 'faulty');
    assert.ok(facts?.broken?.includes('api-2'));
  });

  test('without an account of ours it is not known', async () => {
    const { verdict, evidence } = await access({ account: null }).access.login({});
    assert.equal(verdict, 'unknown');
    assert.match(evidence, /set NQBA_SYNTHETIC_EMAIL and NQBA_SYNTHETIC_PASSWORD/);
  });
});

describe('failed logins', () => {
  test('of any day are as before: old tokens are no failed logins', async () => {
    const { verdict, evidence } = await access().access.loginFailures({ before });
    assert.equal(verdict, 'healthy', evidence);
  });

  test('of a quiet night are too few to judge by', async () => {
    const { verdict } = await access({ world: { density: 1 } }).access.loginFailures({ before });
    assert.equal(verdict, 'unknown');
  });

  test('of an attack are told by shares: no address and no account is in them', async () => {
    const { verdict, evidence, facts } = await access({ world: during('spraying') }).access.loginFailures({ before });
    assert.equal(verdict, 'faulty');
    assert.equal(facts?.reason, 'unknown_user');
    assert.match(evidence, /What grew most: unknown_user .* addresses has/);
    assert.doesNotMatch(JSON.stringify({ evidence, facts }), /203\.0\.113|customer-|@/);
  });

  test('a success after failures from many addresses is a takeover', async () => {
    const { verdict, evidence, facts } = await access({ world: during('takeover') }).access.loginFailures({ before });
    assert.equal(verdict, 'faulty');
    assert.equal(facts?.takenOver, 1, evidence);
    assert.match(evidence, /this looks like a takeover/);
  });

  test('tokens that other pods refuse lead where each has a key of its own', async () => {
    const { facts, evidence } = await access({ world: during('bad-tokens') }).access.loginFailures({ before });
    assert.equal(facts?.reason, 'bad_token', evidence);
  });
});

describe('is over', () => {
  const recovered = async (world: Partial<State>) => access({ world }).observe.recovered({ of: 'authentication-failures' });

  test('where rounds work everywhere, and few of many logins fail', async () => {
    const { verdict, evidence } = await recovered({ density: 20 });
    assert.equal(verdict, 'healthy', evidence);
    assert.match(evidence, /logins failed in 10 minutes .*the median of seven days is not known/);
  });

  test('not while the attack goes on, though the account of ours logs in', async () => {
    assert.equal((await recovered(during('spraying'))).verdict, 'faulty');
  });

  test('at a pace of its own sooner after an attack, once there are attempts enough', async () => {
    const troubles: State['troubles'] = [{ kind: 'stuffing', from: noon - 5 * minute, until: noon - minute }];
    const world = { density: 60, troubles };
    const of = { of: 'authentication-failures' } as const;
    assert.equal((await access({ world }).observe.recovered(of)).verdict, 'faulty', 'the ten minutes have the attack in them');
    const { verdict, evidence } = await access({ world, pace: 1 / 60 }).observe.recovered(of);
    assert.equal(verdict, 'healthy', evidence);
    assert.match(evidence, /logins failed in 40 s /);
  });

  test('not while accounts are locked: their own passwords fail, though the attack is blocked', async () => {
    const blocks = [{ at: noon - 2 * minute, blocks: attackers }];
    const world: Partial<State> = { density: 60, troubles: [{ kind: 'spraying', from: noon - 10 * minute }], blocks };
    const { verdict, evidence } = await access({ world, pace: 1 / 60 }).observe.recovered({ of: 'authentication-failures' });
    assert.equal(verdict, 'faulty', evidence);
  });

  test('not by few logins', async () => {
    const { verdict, evidence } = await recovered({ density: 1 });
    assert.equal(verdict, 'unknown', evidence);
  });
});

describe('settings', () => {
  test('are equal in all pods, as reviewed, and every token is accepted', async () => {
    const { verdict, evidence, facts } = await access().access.settings({});
    assert.equal(verdict, 'healthy', evidence);
    assert.deepEqual([facts?.differing, facts?.off, facts?.refused], [[], [], []]);
  });

  test('a pod that differs, and a value that is not as reviewed, are named', async () => {
    const { verdict, facts } = await access({
      world: { oddSettings: { access_minutes: 5, allowed_hosts: ['other'] } },
    }).access.settings({});
    assert.equal(verdict, 'faulty');
    assert.deepEqual(facts?.differing, ['access_minutes', 'allowed_hosts']);
    assert.deepEqual(facts?.off, ['access_minutes', 'allowed_hosts']);
  });

  test('a key of its own in each pod is seen by what the others refuse', async () => {
    const { verdict, facts, evidence } = await access({ world: during('bad-tokens') }).access.settings({ what: 'jwt' });
    assert.equal(verdict, 'faulty');
    assert.deepEqual(facts?.refused, names);
    assert.match(evidence, /each has a signing key of its own/);
  });

  test('one pod alone proves nothing of the others', async () => {
    assert.equal((await access({ pods: null }).access.settings({ what: 'jwt' })).verdict, 'unknown');
  });

  test('clocks that differ by half a minute are faulty', () => {
    const token = (iat: number) => ({
      accessToken: `x.${Buffer.from(JSON.stringify({ iat })).toString('base64url')}.y`,
      refreshToken: '',
      expiresIn: 60,
    });
    const made = [0, 45].map(late => ({ ahead: aheadOf(token(noon / 1_000 - late), noon) }));
    const tried = ['a', 'b'].map(pod => ({ pod, refusedBy: [], silent: false }));
    const { verdict, facts, evidence } = judgeTokens(tried, made, 2);
    assert.equal(verdict, 'faulty');
    assert.equal(facts.skew, 45);
    assert.match(evidence, /clocks of the pods differ by 45 s/);
  });

  test('a pod that is silent is not known', () => {
    const fault = new SystemError({ system: 'The NQBA API', fault: 'unreachable', text: 'cannot be reached' });
    const { reviewed } = aPlatform.access ?? {};
    assert.ok(reviewed);
    assert.equal(judgeSettings([{ pod: 'a', fault }], reviewed, undefined).finding.verdict, 'unknown');
  });
});

describe('locked accounts', () => {
  const key = 'incident:authentication-failures:nqba-production/Recovery/Unlock Accounts/1';
  test('are unlocked in every pod where only blocked addresses failed on them', async () => {
    const on = access({ world: during('spraying') });
    on.customers.change({ blocks: [{ at: noon - 1, blocks: attackers }] });
    const { frozen, facts } = await on.access.loginFailures({ before, freeze: 'locked accounts' });
    assert.ok(frozen && facts?.locked);
    const frozenNow = await frozenItems(on.deps.systems.artifacts, frozen, accountItem);
    assert.deepEqual(new Set(frozenNow.map(({ becomes }) => becomes)), new Set(['unlock']), JSON.stringify(frozenNow));
    const plan = planned(await on.access.unlockAccounts({ list: frozen }, { key, dryRun: true }));
    assert.doesNotMatch(JSON.stringify(plan), /customer-/);
    const { effect } = done(await on.access.unlockAccounts({ list: frozen }, { key, approved: plan.digest }));
    assert.equal(effect.measured, 'whole', effect.text);
  });

  test('are unlocked, too, where the Ingresses deny those addresses', async () => {
    const denied = attackers.map(({ cidr }) => cidr).join(',');
    const { frozen } = await access({ world: during('spraying'), denied }).access.loginFailures({
      before,
      freeze: 'locked accounts',
    });
    assert.ok(frozen && frozen.count > 0);
  });

  test('stay as they are where no address is blocked', async () => {
    const { frozen } = await access({ world: during('spraying') }).access.loginFailures({ before, freeze: 'locked accounts' });
    assert.equal(frozen?.count, 0);
  });

  test('that someone entered stay locked, and need another password in every pod', async () => {
    const on = access({ world: during('takeover') });
    for (const name of names)
      await on.deps.systems.operatorApi?.ofPod?.({ name, ip: '' }).users.set('customer-11', { status: 'locked' });
    const { frozen } = await on.access.loginFailures({ before, freeze: 'locked accounts' });
    assert.ok(frozen);
    assert.deepEqual(
      (await frozenItems(on.deps.systems.artifacts, frozen, accountItem)).map(({ becomes }) => becomes),
      ['reset'],
    );
    const plan = planned(await on.access.unlockAccounts({ list: frozen }, { key, dryRun: true }));
    done(await on.access.unlockAccounts({ list: frozen }, { key, approved: plan.digest }));
    for (const name of names) {
      const page = await on.deps.systems.operatorApi?.ofPod?.({ name, ip: '' }).users.page({ limit: 100, offset: 0 });
      const user = page?.users.find(({ id }) => id === 'customer-11');
      assert.deepEqual([user?.status, user?.passwordResetRequired], ['locked', true], name);
    }
  });
});
