import type { Question, Report, StepReport, TakeBack } from '../../workflows/contract/index.ts';
import { anAlert, aPlan, aReceipt } from './building.ts';
import { at } from './folding.ts';

export const aReportedStep = (change: Partial<StepReport> = {}): StepReport => ({
  title: 'Activate Circuit Breaker',
  phase: 'Immediate Response',
  key: 'run/Immediate Response/Activate Circuit Breaker/1',
  state: 'done',
  because: 'Jobs run on classical solvers.',
  evidence: '5 of 5 jobs',
  began: at(1),
  ended: at(2),
  changes: aReceipt().changes,
  effect: { measured: 'whole', text: '5 of 5 jobs ran classically' },
  ...change,
});

export const anAskedQuestion = (change: Partial<Question> = {}): Question => ({
  id: 'what-is-the-cause',
  kind: 'choice',
  title: 'What is the cause?',
  choices: ['Dynex Platform Issue', 'none of these (I will fix it manually)'],
  owner: 'quantum',
  blocking: true,
  asked: at(3),
  answer: { choice: 'Dynex Platform Issue', by: 'ann', how: 'claimed', at: at(5) },
  ...change,
});

/** The record of an incident that went well, but for what the test is about. */
export const aReport = (change: Partial<Report> = {}): Report => ({
  version: 1,
  incident: 'dynex-outage-20261124-k7fp',
  runbook: 'dynex-outage',
  title: 'Dynex Outage',
  severity: 'P1',
  state: 'closed',
  outcome: 'recovered',
  summary: 'No probe reaches Dynex (DynexHealthCheckFailed)',
  timesFaster: 1,
  times: {
    fired: at(0),
    opened: at(1),
    paged: at(2),
    acknowledged: at(3),
    mitigated: at(4),
    resolved: at(40),
    closed: at(100),
  },
  alerts: [anAlert({ startsAt: at(0) })],
  absorbed: 0,
  phases: [],
  steps: [],
  questions: [],
  refusals: [],
  withdrawn: [],
  undelivered: [],
  byHand: [],
  followUps: [],
  ...change,
});

/** A record in which everything stands that may stand there. */
export function everythingReported(): Report {
  const answer = { choice: 'approve', text: 'a name', by: 'ann', how: 'verified', at: at(5), reason: 'I saw it' } as const;
  const effects = (['whole', 'part', 'none', 'nothing to measure'] as const).map(measured => ({ measured, text: 'seen' }));
  const [change] = aReceipt().changes;
  const kinds = ['ConfigMap', 'Deployment'] as const;
  return aReport({
    mode: 'supervised',
    commander: 'ann',
    like: { incident: 'dynex-outage-20261101-aaaa', from: 'Activate Circuit Breaker' },
    alerts: [
      anAlert({ status: 'resolved', endsAt: at(40), artifact: 'digest' }),
      anAlert({ fingerprint: 'beef', source: 'person' }),
    ],
    phases: [
      {
        title: 'Recovery',
        began: at(1),
        ended: at(20),
        by: at(30),
        overdue: at(15),
        extended: [{ at: at(9), by: 'ann', until: at(30), reason: 'slow' }],
      },
    ],
    steps: [
      ...effects.map(effect => aReportedStep({ effect })),
      ...kinds.map(kind => aReportedStep({ changed: at(2), takeBack: takeBackOf(kind) })),
      aReportedStep({
        changes: change
          ? [
              { ...change, before: null },
              { ...change, after: null },
            ]
          : [],
      }),
    ],
    questions: [
      anAskedQuestion({
        kind: 'plan',
        expires: at(30),
        otherwise: 'skip',
        suggest: 'approve',
        because: 'the plan is ready',
        evidence: 'admitted',
        text: 'secret name',
        plan: aPlan(),
        second: 'finance',
        votes: [answer],
        answer,
        withdrawn: 'it is over',
      }),
      anAskedQuestion(),
      anAskedQuestion({ answer: { ...answer, by: 'no one', how: 'time' } }),
    ],
    refusals: [{ at: at(6), what: 'yes for why', by: 'eve', because: 'nobody asked why' }],
    withdrawn: ['What next?: it is over'],
    undelivered: [{ system: 'Slack', because: '503' }],
    byHand: [{ step: 'Page', system: 'PagerDuty', paste: 'wake up' }],
    followUps: [{ title: 'Update Documentation', owner: 'commander', confirm: 'It is written' }],
    overdue: [{ clock: 'restore', at: at(480) }],
    brokenGlass: [{ at: at(7), by: 'ann', question: 'refund', title: 'Refund', reason: 'bob is on a plane' }],
    notes: [{ at: at(8), by: 'ann', text: 'look' }],
    severityChanges: [{ at: at(9), by: 'ann', from: 'P2', to: 'P1', reason: 'worse' }],
    recovery: { verdict: 'healthy', evidence: '20 of 20 jobs succeeded on Dynex' },
    standing: ['Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config'],
  });
}

const takeBackOf = (kind: string): TakeBack => ({
  action: 'setFallback',
  key: 'k',
  target: { system: 'kubernetes', kind, namespace: 'n', name: 'm' },
  words: 'a change',
});
