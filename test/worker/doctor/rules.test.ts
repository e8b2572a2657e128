/** The doctor names the shipped alert rules that read a series which Prometheus does not have. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { ruleLines, shippedRules } from '../../../worker/doctor/rules.ts';
import { answers, aPlatform, connected, refuses } from '../../activities/bare.ts';

/** A Prometheus that has each series but some. */
function without(...missing: string[]) {
  const fetch = async (request: Request) => {
    const query = new URLSearchParams(await request.text()).get('query') ?? '';
    const result = missing.some(one => query.includes(one)) ? [] : [{ metric: {}, value: [0, '7'] }];
    return Response.json({ status: 'success', data: { resultType: 'vector', result } });
  };
  return connected({ prometheus: { url: 'http://prometheus', fetch } });
}

const armsOfRule = (name: string) => shippedRules().find(({ alert }) => alert === name)?.arms;

test('a rule reads its metrics through recorded ratios, with the target that it names; functions, labels and ALERTS are none', () => {
  assert.deepEqual(armsOfRule('QuotaNearlyExhausted'), [['nqba_quota_used', 'nqba_quota_limit']]);
  assert.deepEqual(armsOfRule('ApiRateLimitExceeded'), [['nginx_ingress_controller_requests{ingress="nqba-platform-ingress"}']]);
  assert.deepEqual(armsOfRule('QuantumJobFailureRateHigh'), [['nqba_quantum_jobs_total']]);
  assert.deepEqual(armsOfRule('QuantumServiceUnavailable'), [['probe_success{job="blackbox-dynex"}', 'nqba_quantum_jobs_total']]);
  assert.deepEqual(armsOfRule('RunbookSignalsMissing')?.flat(), []);
});

test('what only keeps a rule from firing is not needed, and each arm of an or is enough', () => {
  assert.deepEqual(armsOfRule('QuantumFallbackRateHigh'), [['nqba_quantum_jobs_total']]);
  assert.deepEqual(armsOfRule('RunbooksHoldVanished'), [['nqba_runbooks_holds']]);
  assert.deepEqual(armsOfRule('JobQueueDeep'), [['nqba_qih_queue_depth'], ['celery_queue_length']]);
});

test('each shipped rule is read, and reads a metric by its full name, but those that ask for an absence', () => {
  const rules = shippedRules();
  const names = /^[a-z]+(_[a-z]+)+(\{(job|ingress)="[\w-]+"\})?$/;
  assert.deepEqual(
    rules.flatMap(({ arms }) => arms.flat().filter(one => !names.test(one))),
    [],
  );
  assert.deepEqual(
    rules.flatMap(({ alert, arms }) => (arms.flat().length === 0 ? [alert] : [])),
    ['RunbookSignalsMissing', 'RunbooksWorkerMissing', 'RunbooksIntakeMissing'],
  );
});

test('rules that lack a series are a warning by name, with the series; the others are counted', async () => {
  const missing = ['nqba_quantum_canary_ok', 'nqba_quota_', 'celery_', 'nqba_rate_limited_total', 'mitigation_active'];
  const lines = await ruleLines({ systems: without(...missing), platform: aPlatform });
  const count = shippedRules().length;
  assert.equal(lines[0]?.text, `${count - 3} of ${count} that are shipped have every series that they need to fire.`);
  const advice = 'Emit and scrape them, or this cannot fire.';
  assert.deepEqual(
    lines.slice(1).map(({ warning, text }) => [warning, text]),
    [
      [true, `QuotaNearlyExhausted: no samples of nqba_quota_used, nqba_quota_limit. ${advice}`],
      [true, `QuotaRefusals: no samples of nqba_rate_limited_total. ${advice} A counter that has not counted yet may have none.`],
      [true, `QuantumCanaryWrong: no samples of nqba_quantum_canary_ok. ${advice}`],
    ],
  );
});

test('a rule without any whole arm is told with what each lacks', async () => {
  const lines = await ruleLines({ systems: without('celery_', 'nqba_qih_queue_depth'), platform: aPlatform });
  assert.deepEqual(
    lines.flatMap(({ warning, text }) => (warning ? [text.split('. ')[0]] : [])),
    ['JobQueueDeep: no samples of nqba_qih_queue_depth, celery_queue_length'],
  );
});

test('rules of a runbook that the platform lacks the parts for are not looked for', async () => {
  const { quantum: _, ...platform }: typeof aPlatform = aPlatform;
  const lines = await ruleLines({ systems: without('nqba_quantum_canary_ok'), platform });
  assert.deepEqual(
    lines.filter(({ warning }) => warning),
    [],
  );
});

test('where Prometheus does not answer, or refuses one query, the rules are told as not checked', async () => {
  const linesOf = (fetch: (request: Request) => Response | Promise<Response>) =>
    ruleLines({ systems: connected({ prometheus: { url: 'http://prometheus', fetch } }), platform: aPlatform });
  const refusesOne = async (request: Request) =>
    (await request.clone().text()).includes('pg_up')
      ? Response.json({ status: 'error', errorType: 'execution', error: 'too many samples' }, { status: 422 })
      : answers(200, { status: 'success', data: { resultType: 'vector', result: [] } })();
  for (const [fetch, because] of [[refuses, /ECONNREFUSED/] as const, [refusesOne, /too many samples/] as const]) {
    const [line, ...others] = await linesOf(fetch);
    assert.deepEqual([line?.warning, others], [true, []]);
    assert.match(line?.text ?? '', /^not checked: /);
    assert.match(line?.text ?? '', because);
  }
});
