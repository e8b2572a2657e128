// The cause that is proposed for a quota that is used up, in the order configuration, abuse, use; and what makes it another incident.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfRates, isUrgent, type QuotaFindings, quotaCause } from '../../../workflows/runbooks/quota-exhaustion/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const asReviewed = { differing: [], belowUsual: [], tables: [], withoutEffect: [], right: [], wrong: [] };
const limits = (facts: object) =>
  ({ verdict: 'faulty', evidence: 'limits are not as reviewed', facts: { ...asReviewed, ...facts } }) as const;
const traffic = (facts: object) => ({ verdict: 'faulty', evidence: '3 customers grew', facts: { grown: 3, ...facts } }) as const;
const abuse = ({ abuseLike = [], bugLike = [] }: { abuseLike?: string[]; bugLike?: string[] }) =>
  ({ verdict: 'faulty', evidence: 'a rule hits', facts: { abuseLike, bugLike } }) as const;
const changed = (minutesBefore: number) => {
  const change = { what: 'ConfigMap nqba-config: RATE_LIMIT_REQUESTS', who: 'kubectl', at: '2026-11-24T02:00:00.000Z' };
  return { ...healthy, facts: { change: { ...change, minutesBefore }, rollout: null } } as const;
};
const scrapers = abuse({ abuseLike: ['more than half of its calls are errors'] });
const loop = abuse({ bugLike: ['calls again at once when it failed'] });

const well: QuotaFindings = {
  quotas: healthy,
  traffic: healthy,
  abuse: healthy,
  limits: { ...healthy, facts: asReviewed },
  changes: { ...healthy, facts: { change: null, rollout: null } },
};
const proposed = (found: Partial<QuotaFindings>) => quotaCause({ ...well, ...found }).proposed;

const cases: [string, Partial<QuotaFindings>, string | undefined][] = [
  ['nothing faulty', {}, undefined],
  ['nothing known', { quotas: unknown, traffic: unknown, abuse: unknown, limits: unknown, changes: unknown }, undefined],
  ['a limit below normal use', { limits: limits({ belowUsual: ['tier:premium'] }), changes: unknown }, 'Configuration Issue'],
  ['it comes before all others', { limits: limits({ belowUsual: ['tier:free'] }), abuse: scrapers }, 'Configuration Issue'],
  [
    'limits that a change an hour before set',
    { limits: limits({ differing: ['tier:free'] }), changes: changed(60) },
    'Configuration Issue',
  ],
  ['limits that differ since long ago', { limits: limits({ differing: ['tier:free'] }), changes: changed(180) }, undefined],
  [
    'limits that differ, and changes that are not known',
    { limits: limits({ differing: ['tier:free'] }), changes: unknown },
    undefined,
  ],
  ['a change, and limits as reviewed', { changes: changed(10) }, undefined],
  [
    'tables that disagree since a change',
    { limits: limits({ tables: ['reviewed', 'prices'] }), changes: changed(5) },
    'Configuration Issue',
  ],
  ['scrapers', { abuse: scrapers, traffic: traffic({}) }, 'API Abuse'],
  ['a client that does not wait', { abuse: loop, traffic: traffic({}) }, undefined],
  ['customers that grew', { traffic: traffic({}) }, 'Legitimate High Usage'],
  [
    'customers that grew, and an edge that limits nothing',
    { traffic: traffic({}), limits: limits({ withoutEffect: ['class:all'] }) },
    'Legitimate High Usage',
  ],
  ['customers that grew, and rules that are not known', { traffic: traffic({}), abuse: unknown }, undefined],
  ['customers that grew, and limits that are not known', { traffic: traffic({}), limits: unknown }, undefined],
  ['one large customer that did not grow', { traffic: traffic({ grown: 0 }) }, undefined],
];
for (const [what, found, cause] of cases) test(`the proposal for ${what}`, () => assert.equal(proposed(found), cause));

test('a bug is named, and what was ruled out', () => {
  assert.match(quotaCause({ ...well, abuse: loop }).why, /a rule hits/);
  assert.deepEqual(quotaCause({ ...well, traffic: traffic({}) }).ruledOut, [
    'Ruled out the configuration: limits are as reviewed.',
    'Ruled out abuse: no rule hits.',
  ]);
});

test('a limit of our own is named as ours, and not as reviewed', () => {
  const ours = ['class:low-priority is 60 a minute, for incident run-1'];
  const { ruledOut } = quotaCause({ ...well, traffic: traffic({}), limits: { ...healthy, facts: { ...asReviewed, ours } } });
  const text = `limits are as reviewed, but for what we set ourselves (${ours[0]}).`;
  assert.equal(ruledOut[0], `Ruled out the configuration: ${text}`);
});

test('refusals by rate are another incident while no quota is used up', () => {
  const byRate = traffic({ refusedByRate: 0.3, refusedByQuota: 0.01 });
  assert.ok(isOfRates({ quotas: healthy, traffic: byRate }));
  assert.ok(!isOfRates({ quotas: { ...healthy, verdict: 'faulty' }, traffic: byRate }));
  assert.ok(!isOfRates({ quotas: healthy, traffic: traffic({ refusedByRate: 0.1, refusedByQuota: 0.2 }) }));
  assert.ok(!isOfRates({ quotas: healthy, traffic: unknown }));
});

test('it is a P1 where a fifth of all calls is refused, or a premium customer is cut off', () => {
  assert.equal(isUrgent(traffic({ refused: 0.2, cutOff: 0 })), undefined);
  assert.match(isUrgent(traffic({ refused: 0.21 })) ?? '', /21% of all calls/);
  assert.match(isUrgent(traffic({ refused: 0, cutOff: 1 })) ?? '', /P1/);
  assert.equal(isUrgent(unknown), undefined);
});
