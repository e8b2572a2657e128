// What the Temporal UI shows of an incident: short, and with text from outside shown as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../workflows/contract/index.ts';
import { board } from '../../../workflows/kit/incident/board.ts';
import { isOpen } from '../../../workflows/kit/record/state.ts';
import { aPlan, aStart, anAlert, done, minutes, planned, refused, threeAtNight, usual } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const cause = { 'What is the cause?': 'Dynex Platform Issue' };

/** Decisions as the board says they are typed, by the question they answer. */
const commands = (text: string): string[] => [...text.matchAll(/--name decide --input '(.*)'$/gm)].map(([, input = '']) => input);

test('every open question stands on the board with the command that answers it, and the command works', async () => {
  const world = { 'Activate Circuit Breaker': [refused('Kubernetes is unreachable', false), done()] };
  const { report, board } = await trialOutage({ world, people: {}, atMost: minutes(10) });
  assert.equal(report.questions.filter(isOpen).length, 2);
  assert.equal(commands(board).length, 2);
  const messages = commands(board).map(input => ({
    after: minutes(11),
    signal: 'decide',
    args: [JSON.parse(input.replaceAll(`'\\''`, "'").replace('YOU', 'ann'))],
  }));
  const answered = await trialOutage({ world, people: {}, messages, atMost: minutes(12) });
  assert.deepEqual(answered.report.refusals, []);
  assert.deepEqual(
    answered.report.questions.slice(0, 2).map(({ answer }) => answer?.by),
    ['ann', 'ann'],
  );
});

test('a choice with an apostrophe survives the shell', () => {
  const text = board(withQuestion({ choices: ["it's ours"] }), 'incident:dynex-outage:test', now);
  const typed = commands(text)[0]?.replaceAll(`'\\''`, "'") ?? '';
  assert.equal(JSON.parse(typed).choice, "it's ours");
});

const hostile = [
  '# heading',
  '**bold** _it_ ~~no~~',
  '[click](http://evil.example)',
  '![i](x)',
  '<script>alert(1)</script>',
  '`rm -rf /`',
  '```',
  '| a | b |',
  '&lt;b&gt;',
  '--- \n===',
  '- [ ] item',
  '1. one',
  '\u001b[31mred\u0007',
  '\u202eevil\u2066',
  '<!channel>',
  '{{ $labels }} $(id)',
];

for (const text of hostile)
  test(`the board shows ${JSON.stringify(text)} of an alert as text`, async () => {
    const start = aStart(anAlert({ annotations: { summary: `MARK ${text}` } }));
    const { board } = await trialOutage({ args: [start], people: {}, atMost: minutes(1) });
    const line = board.split('\n').find(shown => shown.includes('MARK')) ?? '';
    assert.equal(line.includes('DynexHealthCheckFailed'), true, 'it is one line');
    assert.doesNotMatch(line.replace(/\\[!-/:-@[-`{-~]/g, ''), /[\\`*_{}[\]()#+!|<>~&]/);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  });

for (const text of ['- item', '1. one', '--- ', '=== ', '+ plus', '> quote'])
  test(`a text that begins with ${JSON.stringify(text)} begins no list, rule or heading`, () => {
    const shown = board({ ...aReport, summary: `${text}MARK` }, 'w', now).split('\n');
    const line = shown.find(candidate => candidate.includes('MARK')) ?? '';
    assert.doesNotMatch(line, /^\s*([-+*=>]|\d+[.)])/);
  });

test('the board is short whatever is open, planned or undelivered', async () => {
  const changes = Array.from({ length: 60 }, (_, index) => ({
    target: `pod ${index}`,
    field: 'f',
    before: 'a',
    after: 'b'.repeat(900),
  }));
  const plan = { ...aPlan(), changes, consequences: changes.map(({ target }) => target) };
  const { report } = await trialOutage({
    world: {
      setFallback: planned('approval', plan),
      setStatusPage: planned('held', plan),
      page: new Error('5\n0\n3'.repeat(900)),
    },
    people: cause,
    atMost: minutes(60),
  });
  const many = Array.from({ length: 40 }, (_, index) => ({ ...report.questions[0], id: `q-${index}` }));
  const crowded = { ...report, questions: [...report.questions, ...many.map(({ id }) => ({ ...aQuestion, id, plan }))] };
  for (const shown of [report, crowded]) {
    const text = board(shown, 'incident:dynex-outage:test', now);
    assert.equal(text.split('\n').length <= 120, true, `${text.split('\n').length} lines`);
    assert.equal(text.length < 20_000, true, `${text.length} characters`);
  }
});

test('the newest steps are shown, and what was not delivered is one line', async () => {
  const { board } = await trialOutage({ world: { page: new Error('503') }, people: cause, atMost: minutes(60) });
  assert.equal(board.includes('Not delivered: pager'), true);
  assert.equal(board.includes('Declare Incident'), false);
});

test('the board begins with the phase and the time left, then the questions, then the changes with their effects', async () => {
  const { board: shown, report } = await trialOutage({ people: {}, atMost: minutes(10) });
  const places = ['runbooks decide', '### Changed', '### Steps'].map(text => shown.indexOf(text));
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  );
  assert.ok(!places.includes(-1), shown);
  const phase = { title: 'Investigation', began: '2026-11-24T03:00:00.000Z', by: '2026-11-24T03:30:00.000Z' };
  const lines = (now: string, change = {}) => board({ ...report, phases: [{ ...phase, ...change }] }, 'w', now).split('\n\n')[1];
  assert.equal(lines('2026-11-24T03:02:00.000Z'), 'Phase: Investigation, until 03:30 UTC (28 minutes left at 03:02 UTC).');
  assert.match(lines('2026-11-23T23:30:00.000Z') ?? '', /until 2026-11-24 03:30 UTC/);
  assert.equal(lines('2026-11-24T03:40:00.000Z', { overdue: phase.by }), 'Phase: Investigation, overdue since 03:30 UTC.');
});

const refusedNote = { after: minutes(1), signal: 'note', args: [{ by: 'ann' }] };

test('the newest refusal stands on the board until a later message of a person is accepted, over a roll-over too', async () => {
  for (const rollOver of [false, true]) {
    const misspelt = { after: minutes(2), signal: 'Decide*', args: [{ by: 'bob' }] };
    const how = { people: {}, rollOver, atMost: minutes(3) };
    const { board, report } = await trialOutage({ ...how, messages: [refusedNote, misspelt] });
    assert.equal(board.match(/\*\*Refused\*\*/g)?.length, 1);
    assert.match(board, /\*\*Refused\*\* at 03:02 UTC: Decide\\\*, sent by bob: unknown message/);
    const good = { after: minutes(2), signal: 'note', args: [{ by: 'ann', text: 'on the phone' }] };
    const accepted = await trialOutage({ ...how, messages: [refusedNote, misspelt, good] });
    assert.doesNotMatch(accepted.board, /Refused/);
    assert.deepEqual(accepted.report.refusals, report.refusals);
  }
});

test('the board says how much faster the world is waited for', async () => {
  const { board } = await trialOutage({ args: [aStart(anAlert(), 1 / 60)], people: usual });
  assert.match(board, /60 times shorter than written/);
});

const now = new Date(threeAtNight + minutes(2)).toISOString();
const { report: aReport } = await trialOutage({ people: {}, atMost: minutes(1) });
const aQuestion = {
  id: 'q',
  kind: 'choice' as const,
  title: 'Which?',
  choices: ['one'],
  owner: 'commander' as const,
  blocking: true,
  asked: new Date(threeAtNight).toISOString(),
};
function withQuestion(change: object): Report {
  return { ...aReport, questions: [{ ...aQuestion, ...change }] };
}
