// The cause that is proposed for calls that are too fast: refusals without growth come from the limits; else as for quotas.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfQuotas, type RateFindings, rateCause } from '../../../workflows/runbooks/api-rate-limit-exceeded/cause.ts';

const healthy = { verdict: 'healthy', evidence: 'all is well' } as const;
const unknown = { verdict: 'unknown', evidence: 'nothing answers' } as const;
const asReviewed = { differing: [], belowUsual: [], tables: [], withoutEffect: [], right: [], wrong: [] };
const calls = {
  calls: 1980,
  timesUsual: 1,
  refused: 0.3,
  refusedByQuota: 0,
  refusedByRate: 0.3,
  refusedEssential: 0,
  topShare: 0.1,
  grown: 0,
  routesOfGrown: 0,
  cutOff: 0,
  hasAddresses: true,
  frozen: 0,
};
const differing = {
  verdict: 'faulty',
  evidence: 'class:all is 10 a minute, reviewed are 1200',
  facts: { ...asReviewed, differing: ['class:all'] },
} satisfies RateFindings['limits'];
const flat = { ...healthy, facts: calls } as const;
const growing = { verdict: 'faulty', evidence: '3 customers grew', facts: { ...calls, grown: 3 } } as const;
const scrapers = {
  verdict: 'faulty',
  evidence: 'one address asks for ids in order',
  facts: { abuseLike: ['ids one after the other'], bugLike: [], sources: 1, takeovers: 0, hasAddresses: true },
} satisfies RateFindings['abuse'];

const well: RateFindings = {
  quotas: healthy,
  traffic: healthy,
  abuse: healthy,
  limits: { ...healthy, facts: asReviewed },
  changes: { ...healthy, facts: { change: null, rollout: null } },
  plans: healthy,
};

const cases: [string, Partial<RateFindings>, string | undefined][] = [
  ['nothing faulty', {}, undefined],
  ['refusals without growth, and limits that are not as reviewed', { traffic: flat, limits: differing }, 'Configuration Issue'],
  ['refusals without growth, and limits that are not known', { traffic: flat, limits: unknown }, 'Configuration Issue'],
  ['refusals without growth, and limits as reviewed', { traffic: flat }, undefined],
  ['refusals without growth, and scrapers', { traffic: flat, limits: differing, abuse: scrapers }, 'API Abuse'],
  ['refusals without growth, and rules that are not known', { traffic: flat, limits: differing, abuse: unknown }, undefined],
  ['customers that grew', { traffic: growing }, 'Legitimate High Usage'],
  ['scrapers among customers that grew', { traffic: growing, abuse: scrapers }, 'API Abuse'],
];

for (const [what, found, proposed] of cases)
  test(`${what}: ${proposed ?? 'no proposal'}`, () => assert.equal(rateCause({ ...well, ...found }).proposed, proposed));

test('refusals by quota are another incident, and few of either are none', () => {
  const refusedBy = (refusedByQuota: number, refusedByRate: number) =>
    isOfQuotas({ traffic: { ...healthy, facts: { ...calls, refusedByQuota, refusedByRate } } });
  assert.deepEqual([refusedBy(0.2, 0.1), refusedBy(0.1, 0.2), refusedBy(0.005, 0)], [true, false, false]);
});
