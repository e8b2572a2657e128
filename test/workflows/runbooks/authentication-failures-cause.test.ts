// Which written cause is proposed: the configuration before the service before an attack, and nothing from what is unknown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  AbuseFacts,
  AccessSettingsFacts,
  LoginFacts,
  LoginFailuresFacts,
  RolloutsFacts,
} from '../../../activities/index.ts';
import { accessCause, type AccessFindings, graver } from '../../../workflows/runbooks/authentication-failures/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const login = { ...healthy, facts: { places: 4, works: 4, broken: [], fails: false } };
const well: AccessFindings = {
  login,
  failures: healthy,
  logs: healthy,
  database: healthy,
  abuse: healthy,
  settings: healthy,
  changes: { ...healthy, facts: { change: null, rollout: null } },
};
type Faulty<F> = { verdict: 'faulty'; evidence: string; facts: Partial<F> };
const faulty = <F>(evidence: string, facts: Partial<F>): Faulty<F> => ({ verdict: 'faulty', evidence, facts });
const failing = (facts: Partial<LoginFailuresFacts>) => faulty('logins fail', facts);
const differing = faulty<AccessSettingsFacts>('pods differ', { refused: ['api-1'] });
const changed = (minutesBefore: number) =>
  faulty<RolloutsFacts>('the image was changed', { change: { what: 'image', who: 'bob', at: '', minutesBefore }, rollout: null });
const broken = faulty<LoginFacts>('login fails', { places: 4, works: 1, broken: [], fails: true });
const none = { ...broken, facts: { ...broken.facts, works: 0 } };
const refusing = { ...broken, facts: { ...broken.facts, fails: false } };
const abuse = faulty<AbuseFacts>('many accounts', { abuseLike: ['one address tries many accounts'], takeovers: 0 });
const bug = faulty<AbuseFacts>('a retry loop', { abuseLike: [], bugLike: ['a retry loop'] });
const down = { verdict: 'faulty', evidence: 'the database does not answer' } as const;

const proposals: [string, Partial<AccessFindings>, string | undefined][] = [
  ['nothing where all is well', {}, undefined],
  [
    'nothing from what is unknown',
    { login: unknown, failures: unknown, database: unknown, abuse: unknown, settings: unknown, changes: unknown },
    undefined,
  ],
  [
    'the configuration where tokens are refused after a change',
    { failures: failing({ reason: 'bad_token' }), changes: changed(20) },
    'Configuration Issue',
  ],
  ['the configuration where pods disagree after a change', { settings: differing, changes: changed(119) }, 'Configuration Issue'],
  [
    'the configuration first, whatever else is faulty',
    { settings: differing, changes: changed(5), login: broken, abuse },
    'Configuration Issue',
  ],
  ['nothing where the change lies further back', { settings: differing, changes: changed(121) }, undefined],
  ['the service where a good password is not let in', { login: broken }, 'Service Issue'],
  [
    'the service where the database of users is down',
    { database: down, failures: failing({ reason: 'wrong_password' }) },
    'Service Issue',
  ],
  ['no service where the account of ours is refused in words', { login: refusing }, undefined],
  ['an attack where rules hit and others log in', { abuse, failures: failing({ reason: 'unknown_user' }) }, 'Brute Force Attack'],
  ['no attack where the rules see a bug', { abuse: bug, failures: failing({ reason: 'wrong_password' }) }, undefined],
  [
    'no attack while it is not known whether anyone logs in',
    { abuse, login: unknown, failures: failing({ reason: 'wrong_password' }) },
    undefined,
  ],
];

for (const [title, found, proposed] of proposals)
  test(`proposes ${title}`, () => assert.equal(accessCause({ ...well, ...found }).proposed, proposed));

test('whoever answers reads every faulty finding, and what is ruled out', () => {
  const { why, ruledOut } = accessCause({ ...well, login: broken, abuse });
  assert.match(why, /login fails.*many accounts/);
  assert.deepEqual(ruledOut, ['Ruled out the configuration: settings are as reviewed, and every pod accepts every token.']);
});

test('a takeover, or no login at all, is graver', () => {
  assert.equal(graver(well), undefined);
  assert.equal(graver({ ...well, login: broken }), undefined);
  assert.equal(graver({ ...well, login: none }), 'login fails');
  assert.equal(graver({ ...well, failures: failing({ takenOver: 1 }) }), 'logins fail');
  assert.equal(graver({ ...well, abuse: { ...abuse, facts: { takeovers: 2 } } }), 'many accounts');
});
