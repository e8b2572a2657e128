import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { z } from 'zod';
import { prometheus } from '../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { customersOn, type State, type TroubleKind } from '../../../lab/world/customers.ts';
import type { World } from '../../../lab/world.ts';
import { serving } from './serving.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');
const from = noon - 600_000;
const pods = ['a', 'b', 'c'];
const Vector = z.looseObject({
  data: z.looseObject({
    result: z.array(z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

async function asking(t: TestContext, given: Partial<State>) {
  const shelf = { read: <T>(_: unknown, otherwise: T) => otherwise, write: () => {} };
  const customers = customersOn(shelf, noon, given);
  const world: World = { pods: [], systems: [], customers, api: [{ from: 0, wanted: 3, ready: 3, bad: 0, pods }] };
  const ask = await serving(
    t,
    prometheus(surroundings({ now: () => noon }), () => world),
  );
  return async (query: string) => {
    const { data } = Vector.parse((await ask(`/api/v1/query?${new URLSearchParams({ query }).toString()}`)).body);
    return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  };
}

const ingress = 'nginx_ingress_controller_requests{ingress="nqba-platform-ingress"';
const during = (kind: TroubleKind): Partial<State> => ({ troubles: [{ kind, from }] });

/** A query of an alert, what makes it fire, and what is not exceeded on any other day. */
const alerts: [string, string, number, Partial<State>][] = [
  ['ApiRateLimitExceeded', `sum(rate(${ingress},status="429"}[5m])) / scalar(sum(rate(${ingress}}[5m])))`, 0.1, during('abuse')],
  ['… by a bug', `sum(rate(${ingress},status="429"}[5m])) / sum(rate(${ingress}}[5m]))`, 0.1, during('bug')],
  ['QuotaNearlyExhausted', 'max(max by (customer, quota) (nqba_quota_used / nqba_quota_limit))', 0.9, during('legitimate')],
  ['QuotaRefusals', 'sum(increase(nqba_rate_limited_total{reason="quota"}[5m])) or vector(0)', 0, during('legitimate')],
  [
    'AuthFailureRateHigh',
    'sum(rate(nqba_auth_attempts_total{result="failed"}[5m])) / sum(rate(nqba_auth_attempts_total[5m]))',
    0.34,
    during('spraying'),
  ],
  ['AuthAccountsLocked', 'sum(nqba_auth_locked_accounts)', 5, during('spraying')],
  [
    'IpfsPinFailureRateHigh',
    '(sum(increase(nqba_ipfs_pins_total{result="failed"}[10m])) or vector(0)) / sum(increase(nqba_ipfs_pins_total[10m]))',
    0.1,
    { ltc: { from: 0, unpinnedFrom: from, changed: [], references: {} } },
  ],
  [
    'LtcVerificationFailing',
    'sum(increase(nqba_ltc_verification_failures_total[15m]))',
    0,
    { ltc: { from: 0, changed: ['ltc-000001'], references: {} } },
  ],
  [
    'BillingRevenueVariance',
    'abs(nqba_billing_revenue_today - nqba_billing_revenue_expected_today) / nqba_billing_revenue_expected_today',
    0.2,
    { billing: { variance: { from, share: -0.3 } } },
  ],
  [
    'BillingChargesFailing',
    'sum(increase(nqba_billing_charges_total{result="failed",reason!="card_declined"}[10m])) or vector(0)',
    0,
    { billing: { failing: { from, reason: 'processing_error' } } },
  ],
];

for (const [name, query, threshold, trouble] of alerts) {
  test(`the series of ${name} rises with its trouble, and only then`, async t => {
    const [quiet] = await (await asking(t, {}))(query);
    const [troubled] = await (await asking(t, trouble))(query);
    assert.ok((quiet?.value ?? 0) <= threshold, `quiet: ${quiet?.value}`);
    assert.ok(troubled && troubled.value > threshold, `troubled: ${troubled?.value}`);
  });
}

test('series keep the labels that a query asks for', async t => {
  const ask = await asking(t, during('legitimate'));
  const near = await ask('max by (customer, quota) (nqba_quota_used / nqba_quota_limit) > 0.9');
  assert.deepEqual(
    near.map(({ metric }) => metric),
    ['customer-7', 'customer-8', 'customer-9'].map(customer => ({ customer, quota: 'jobs_per_month' })),
  );
  const refused = await ask('topk(1, sum by (customer) (increase(nqba_rate_limited_total{reason="rate"}[5m])))');
  assert.deepEqual(Object.keys(refused[0]?.metric ?? {}), ['customer']);
});

test('a span of the past is asked by an offset, or step by step', async t => {
  const ask = await asking(t, during('abuse'));
  const [now] = await ask(`sum(increase(${ingress}}[5m]))`);
  const [before] = await ask(`sum(increase(${ingress}}[5m] offset 1d))`);
  const [most] = await ask(`max_over_time(sum(increase(${ingress}}[5m]))[30m:5m])`);
  assert.ok(now && before && most && now.value > 5 * before.value && most.value >= now.value);
});
