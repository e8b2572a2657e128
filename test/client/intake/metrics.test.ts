import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TemporalUnreachable } from '../../../client/errors.ts';
import type { Listed } from '../../../client/incident.ts';
import { createMetrics } from '../../../client/intake/metrics.ts';
import { Counters } from '../../../client/intake/counters.ts';
import { intake } from './edge.ts';

const anIncident = (change: Partial<Listed>): Listed => ({
  name: 'dynex-outage-20261124-k7fp',
  workflowId: 'incident:dynex-outage:nqba-production',
  runId: 'r',
  type: 'dynexOutage',
  taskQueue: 'nqba-runbooks',
  open: true,
  status: 'RUNNING',
  opened: '2026-11-24T03:00:00.000Z',
  state: 'acknowledged',
  severity: 'P1',
  waitingFor: [],
  ...change,
});

const samplesOf = (text: string) => text.split('\n').filter(line => line && !line.startsWith('#'));

describe('the metrics of the intake', () => {
  test('begin at 0 in each series that a rule may read: a single refused body is an increase', async () => {
    const { metrics } = intake();
    const samples = samplesOf(await (await metrics.request('/metrics')).text());
    for (const series of [
      'nqba_runbooks_intake_refused_total{path="/alertmanager",status="413"}',
      'nqba_runbooks_intake_left_out_total{path="/grafana"}',
      'nqba_runbooks_intake_unread_total{runbook="dynex-outage"}',
      'nqba_runbooks_intake_alerts_total{path="/alerts",result="unreachable"}',
    ])
      assert.ok(samples.includes(`${series} 0`), series);
  });

  test('count what is open by runbook, severity and state, and who is waited for, as Temporal lists them', async () => {
    const open = [
      anIncident({ waitingFor: ['quantum', 'primary'] }),
      anIncident({ workflowId: 'take-back:1', type: 'takeBack', waitingFor: ['primary'] }),
    ];
    const samples = samplesOf(await (await intake({ open }).metrics.request('/metrics')).text());
    assert.deepEqual(
      samples.filter(line => line.includes('open_incidents') || (line.includes('waiting') && !line.endsWith(' 0'))),
      [
        'nqba_runbooks_open_incidents{runbook="dynex-outage",severity="P1",state="acknowledged"} 1',
        'nqba_runbooks_waiting_decisions{role="primary"} 2',
        'nqba_runbooks_waiting_decisions{role="quantum"} 1',
      ],
    );
  });

  test('have one more value for whatever stands in the search attributes of a stranger', async () => {
    const strange = Array.from({ length: 500 }, (_, index) =>
      anIncident({ type: `t${index}`, severity: `"\n${index}`, state: `s${index}`, waitingFor: [`r${index}`] }),
    );
    const samples = samplesOf(await (await intake({ open: strange }).metrics.request('/metrics')).text());
    assert.deepEqual(
      samples.filter(line => line.includes('="other"')),
      [
        'nqba_runbooks_open_incidents{runbook="other",severity="other",state="other"} 500',
        'nqba_runbooks_waiting_decisions{role="other"} 500',
      ],
    );
    assert.ok(samples.length < 120, `${samples.length} series`);
  });

  test('ask Temporal once in ten seconds, and tell no number while it is away, nor in silence when the list is broken', async () => {
    const [counters, clock, asked] = [new Counters(), { at: 0 }, { times: 0 }];
    const said: string[] = [];
    const list = async () => {
      asked.times += 1;
      if (clock.at > 20_000) throw new TypeError('a list of ours that is broken');
      if (clock.at > 0) throw new TemporalUnreachable('Temporal gave no answer');
      return [anIncident({})];
    };
    const app = createMetrics({
      counters,
      temporal: { list },
      platform: { roles: {} },
      now: () => clock.at,
      say: line => said.push(line),
    });
    const scrape = async () => (await app.request('/metrics')).text();
    await Promise.all([scrape(), scrape()]);
    assert.deepEqual([asked.times, /open_incidents/.test(await scrape())], [1, true]);
    clock.at = 10_001;
    const text = await scrape();
    assert.deepEqual([asked.times, /open_incidents/.test(text), /intake_refused_total/.test(text)], [2, false, true]);
    assert.deepEqual(said, [], 'that Temporal is away is told elsewhere');
    clock.at = 20_002;
    assert.doesNotMatch(await scrape(), /open_incidents/);
    assert.match(said.join(), /^the metrics of open incidents could not be read: TypeError: a list of ours that is broken/);
  });
});
