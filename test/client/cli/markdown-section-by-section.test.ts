// The page of an incident, section by section, from a record: no incident runs for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdown } from '../../../client/cli/markdown.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { anAlert } from '../../support/building.ts';
import { at } from '../../support/folding.ts';
import { aReport, aReportedStep, anAskedQuestion } from '../../support/reporting.ts';

/** The lines of a section; nothing where it does not stand. */
function section(title: string, change: Partial<Report>): string[] | undefined {
  const lines = markdown(aReport(change));
  const from = lines.indexOf(`## ${title}`);
  if (from < 0) return undefined;
  const next = lines.findIndex((line, index) => index > from && line.startsWith('## '));
  return lines.slice(from + 2, next < 0 ? undefined : next - 1);
}
/** The rows below the two of the head. */
const rows = (title: string, change: Partial<Report>) => section(title, change)?.slice(2);
const head = (title: string, change: Partial<Report>) => section(title, change)?.[0];

test('the head says what, where it stands and how it ended, and who commands', () => {
  const heading = (change: Partial<Report>) =>
    markdown(aReport(change)).slice(0, markdown(aReport(change)).indexOf('## Times') - 1);
  const first = ['# Dynex Outage: dynex-outage-20261124-k7fp', ''];
  const bare = { outcome: undefined, state: 'acknowledged' } as const;
  assert.deepEqual(heading(bare), [...first, 'P1, acknowledged. No probe reaches Dynex (DynexHealthCheckFailed)']);
  const all = {
    mode: 'supervised',
    commander: 'ann',
    recovery: { verdict: 'healthy', evidence: '20 of 20' },
    like: { incident: 'dynex-outage-20261101-aaaa', from: 'Activate Circuit Breaker' },
  } as const;
  assert.deepEqual(heading(all), [
    ...first,
    'P1, closed (recovered), supervised. No probe reaches Dynex (DynexHealthCheckFailed)',
    '',
    'Continues dynex-outage-20261101-aaaa: every step before “Activate Circuit Breaker” is taken from its record.',
    '',
    'Commander: ann',
    '',
    'Recovery: healthy. 20 of 20',
  ]);
});

test('a section without anything to say does not stand', () => {
  const titles = (change: Partial<Report>) =>
    markdown(aReport(change))
      .filter(line => line.startsWith('## '))
      .map(line => line.slice(3));
  assert.deepEqual(titles({}), [
    'Times',
    'Incident Response Checklist',
    'Open items for people',
    'Post-mortem (draft)',
    'Alerts',
  ]);
  assert.deepEqual(
    titles({
      brokenGlass: [{ at: at(7), by: 'ann', question: 'refund', title: 'Refund', reason: 'alone' }],
      phases: [{ title: 'Recovery', began: at(2), by: at(30) }],
      questions: [anAskedQuestion()],
      steps: [aReportedStep()],
      refusals: [{ at: at(6), what: 'w', by: 'eve', because: 'b' }],
      withdrawn: ['a'],
      undelivered: [{ system: 'Slack', because: '503' }],
      byHand: [{ step: 'Page', system: 'PagerDuty', paste: 'a' }],
      followUps: [{ title: 'a', owner: 'b', confirm: 'c' }],
    }),
    [
      'Decided by one person instead of two',
      'Times',
      'Budgets',
      'Who decided what',
      'Changes',
      'Steps',
      'Refused',
      'Withdrawn',
      'Not delivered',
      'To do by hand',
      'Incident Response Checklist',
      'Open items for people',
      'Afterwards',
      'Post-mortem (draft)',
      'Alerts',
    ],
  );
});

test('what one decided alone stands first, with why', () => {
  const brokenGlass = [{ at: at(7), by: 'ann', question: 'refund', title: 'Refund', reason: 'bob is on a plane' }];
  assert.deepEqual(section('Decided by one person instead of two', { brokenGlass }), [
    '| at | question | by | why |',
    '| --- | --- | --- | --- |',
    `| ${at(7)} | Refund | ann | bob is on a plane |`,
  ]);
});

test('every time stands, counted from the alert, or never', () => {
  assert.equal(head('Times', {}), '|  | at | after the alert fired |');
  assert.deepEqual(rows('Times', { times: { fired: at(0), opened: at(1), mitigated: at(30), closed: at(200) } }), [
    `| fired | ${at(0)} | 0 s |`,
    `| opened | ${at(1)} | 60 s |`,
    '| paged | never |  |',
    '| acknowledged | never |  |',
    `| mitigated | ${at(30)} | 30 min |`,
    '| resolved | never |  |',
    `| closed | ${at(200)} | 3 h 20 min |`,
  ]);
});

test('of each budget stands what was used of it; what was taken over used another incident’s', () => {
  const phase = { title: 'Recovery', began: at(1), by: at(30) };
  const change = {
    phases: [
      { ...phase, ended: at(20) },
      { ...phase, ended: at(40), overdue: at(30) },
      phase,
      { ...phase, by: undefined },
      { ...phase, began: at(0) },
    ],
  };
  assert.equal(head('Budgets', change), '| phase | used | of |  |');
  assert.deepEqual(rows('Budgets', change), [
    '| Recovery | 20 min | 30 min | in time |',
    '| Recovery | 40 min | 30 min | overdue |',
    '| Recovery | not over | 30 min |  |',
  ]);
});

test('of each question stands what was answered, who by, how we know, and after how long', () => {
  const answer = { choice: 'ours', by: 'ann', how: 'claimed', at: at(5) } as const;
  const questions = [
    anAskedQuestion({ answer }),
    anAskedQuestion({ answer: { ...answer, how: 'verified', text: 'nqba-secrets', reason: 'I saw it' } }),
    anAskedQuestion({ answer: { ...answer, how: 'time', by: 'no one' } }),
    anAskedQuestion({ answer: undefined }),
    anAskedQuestion({ answer: undefined, withdrawn: 'it is over' }),
  ];
  const asked = `| ${at(3)} | What is the cause? |`;
  assert.equal(head('Who decided what', { questions }), '| asked | question | answer | by | identity | after |');
  assert.deepEqual(rows('Who decided what', { questions }), [
    `${asked} ours | ann | claimed: typed under this name, not verified | 2 min |`,
    `${asked} ours nqba-secrets: I saw it | ann | verified by our intake | 2 min |`,
    `${asked} ours | no one | time: no one answered | 2 min |`,
    `${asked} open |  |  |  |`,
    `${asked} withdrawn: it is over |  |  |  |`,
  ]);
});

test('of each change stands whether a later one took it back; what would have been done is none', () => {
  const [change] = aReportedStep().changes;
  assert.ok(change);
  const back = { ...change, before: change.after, after: change.before };
  const steps = [
    aReportedStep({ key: 'k', title: 'On' }),
    aReportedStep({
      key: 'l',
      title: 'Other',
      changes: [
        { ...back, field: 'SOLVER' },
        { ...back, target: 'ConfigMap other' },
        { ...back, after: 'mock' },
      ],
    }),
    aReportedStep({ key: 'm', title: 'Off', changes: [back], ended: at(50) }),
    aReportedStep({ key: 'n', title: 'Would', state: 'would have' }),
    aReportedStep({ key: 'o', title: 'New', changes: [{ ...change, field: 'A', before: null, after: null }] }),
  ];
  const target = 'ConfigMap nqba-platform/nqba-config';
  const twice = [...steps.slice(0, 3), ...steps.slice(0, 3).map(step => ({ ...step, ended: at(60) }))];
  assert.match(rows('Changes', { steps: twice })?.[0] ?? '', new RegExp(`yes: Off, ${at(50)}`), 'when it was first taken back');
  assert.equal(head('Changes', { steps }), '| step | target | field | before | after | undone | key |');
  assert.deepEqual(rows('Changes', { steps }), [
    `| On | ${target} | QUANTUM\\_BACKEND | dynex | classical | yes: Off, ${at(50)} | k |`,
    `| Other | ${target} | SOLVER | classical | dynex | not in this record | l |`,
    '| Other | ConfigMap other | QUANTUM\\_BACKEND | classical | dynex | not in this record | l |',
    `| Other | ${target} | QUANTUM\\_BACKEND | classical | mock | not in this record | l |`,
    `| Off | ${target} | QUANTUM\\_BACKEND | classical | dynex | not in this record | m |`,
    `| New | ${target} | A | (absent) | (absent) | not in this record | o |`,
  ]);
});

test('steps and refusals stand in tables of their own', () => {
  const change = {
    steps: [aReportedStep({ began: at(1), ended: at(3) }), aReportedStep({ ended: undefined })],
    refusals: [{ at: at(6), what: 'yes for why', by: 'eve', because: 'nobody asked why' }],
  };
  assert.deepEqual(
    section('Steps', change)?.filter((_, index) => index !== 1),
    [
      '| began | ended | phase | step | state | because | evidence |',
      `| ${at(1)} | ${at(3)} | Immediate Response | Activate Circuit Breaker | done | Jobs run on classical solvers. | 5 of 5 jobs |`,
      `| ${at(1)} |  | Immediate Response | Activate Circuit Breaker | done | Jobs run on classical solvers. | 5 of 5 jobs |`,
    ],
  );
  assert.deepEqual(
    section('Refused', change)?.filter((_, index) => index !== 1),
    ['| at | what | by | because |', `| ${at(6)} | yes for why | eve | nobody asked why |`],
  );
});

test('lists are lists: what was withdrawn, not delivered, left for hands or for afterwards, and the alerts', () => {
  assert.deepEqual(section('Withdrawn', { withdrawn: ['What next?: over'] }), ['- What next?: over']);
  assert.deepEqual(section('Not delivered', { undelivered: [{ system: 'Slack', because: '503' }] }), ['- Slack: 503']);
  const byHand = [{ step: 'Page', system: 'PagerDuty', paste: 'wake\nup' }];
  assert.deepEqual(section('To do by hand', { byHand }), ['- Page (PagerDuty):', '', '    wake', '    up', '']);
  const followUps = [{ title: 'Update Documentation', owner: 'commander', confirm: 'It is written' }];
  assert.deepEqual(section('Afterwards', { followUps }), ['- [ ] Update Documentation (commander): It is written']);
  assert.deepEqual(section('Alerts', {}), [`- DynexHealthCheckFailed, firing, since ${at(0)}, f00d`]);
  const over = { ...anAlert({ status: 'resolved', endsAt: at(5) }), absorbed: at(6), firedAgain: at(7) };
  assert.deepEqual(section('Alerts', { alerts: [over] }), [
    `- DynexHealthCheckFailed, fired at ${at(0)}, resolved at ${at(5)}, f00d, absorbed at ${at(6)}: a firing with the same start, right after it resolved, fires again at ${at(7)}, with the same start, after it resolved`,
  ]);
});

test('checklist, questions and draft begin with their first line', () => {
  assert.equal(section('Incident Response Checklist', {})?.[0], '### During Incident');
  assert.match(section('Open items for people', {})?.[0] ?? '', /^- Declare incident/);
  assert.match(section('Post-mortem (draft)', {})?.[0] ?? '', /^\*\*What happened\.\*\*/);
});
