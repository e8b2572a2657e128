// Weekly Maintenance Window: asked by day, announced in time, and without certainty it proposes not to go.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { publicText } from '../../../activities/messages/texts.ts';
import { schedules } from '../../../workflows/catalog/index.ts';
import {
  aReceipt,
  aStart,
  callOf,
  done,
  finding,
  inputsOf,
  minutes,
  planned as toApprove,
  questionOf,
  rehearsal,
  type Rehearsing,
  threeAtNight,
} from '../../support/rehearsing.ts';

const healthy = finding('healthy');
const work = 'Maintenance window: the planned work';
const saved = finding('healthy', { digest: 'ab12' }, 'Saved 3 Deployments.');
const checks = {
  backups: healthy,
  pods: healthy,
  usage: healthy,
  queue: healthy,
  keyAge: healthy,
  saveManifests: saved,
  compareManifests: healthy,
  silence: done(aReceipt({ takeBack: undefined })),
};
const planned = { 'Is anything planned?': 'yes', 'Notify stakeholders': 'sent' };
const people = { ...planned, 'Go or no-go?': 'go', [work]: 'done' };

/** It starts on Tuesday at three: the window is that of the Sunday after. */
const kept = (change: Rehearsing = {}) =>
  rehearsal({
    type: 'weeklyMaintenanceWindow',
    workflowId: 'operation:weekly-maintenance-window-2026-11-24T03:00:00Z',
    args: [{ version: 1, input: {}, platform: aStart().platform }],
    messages: [],
    people,
    atMost: 7 * 24 * minutes(60),
    ...change,
    world: { ...checks, ...change.world },
  });
/** A message of ann at that time, whatever is asked then. */
const decided = (question: string, choice: string, at: string) => ({
  after: Date.parse(at) - threeAtNight,
  signal: 'decide',
  args: [{ question, choice, by: 'ann' }],
});
const resultOf = (rehearsed: Awaited<ReturnType<typeof kept>>) => inputsOf<{ text: string }>(rehearsed, 'remark').at(-1)?.text;

describe('the window', () => {
  test('that was moved opens so many hours after it is asked for, wherever its day is', async () => {
    const moved = { version: 1, input: { opensIn: 30 }, platform: aStart().platform };
    const { report } = await kept({ args: [moved] });
    assert.equal(report.phases[0]?.began?.slice(0, 16), '2026-11-25T08:45');
  });

  test('that opens in an hour is asked about until its checks begin, and go is still asked after an answer at the last minute', async () => {
    const moved = { version: 1, input: { opensIn: 1 }, platform: aStart().platform };
    const { report } = await kept({
      args: [moved],
      people: {},
      messages: [
        decided('is-anything-planned', 'yes', '2026-11-24T03:44:00Z'),
        decided('go-or-no-go', 'no-go', '2026-11-24T03:50:00Z'),
      ],
    });
    const [sent, go] = [questionOf(report, 'Notify stakeholders'), questionOf(report, 'Go or no-go?')];
    assert.match(sent?.because ?? '', /^Publish the notice 15 minutes before: /);
    assert.equal(sent?.answer?.how, 'time');
    assert.match(go?.because ?? '', /^The notice to stakeholders was not sent 15 minutes before\.$/);
    assert.deepEqual([go?.answer?.choice, go?.answer?.by], ['no-go', 'ann']);
  });

  test('that opens in a minute reaches go or no-go with its answer', async () => {
    const moved = { version: 1, input: { opensIn: 0.02 }, platform: aStart().platform };
    const { report } = await kept({ args: [moved], people: { ...planned, 'Go or no-go?': 'no-go' } });
    const go = questionOf(report, 'Go or no-go?');
    assert.deepEqual([go?.suggest, go?.answer?.choice, go?.answer?.how === 'time'], ['go', 'no-go', false]);
  });

  test('is asked for on Friday by day, so that a notice can go out 24 hours before', () => {
    assert.deepEqual(schedules['weekly-maintenance-window']?.at, { hour: 10, minute: 0, days: ['FRIDAY'] });
  });

  test('is worked in from two to four, with the checks before and the comparison after', async () => {
    const rehearsed = await kept();
    const { report } = rehearsed;
    const began = report.phases.map(({ title, began }) => [title, began?.slice(0, 16)]);
    assert.deepEqual(began, [
      ['Pre-maintenance Checklist', '2026-11-29T01:45'],
      ['Maintenance window', '2026-11-29T02:00'],
      ['Backup of the night', '2026-11-29T02:30'],
      ['Compare after with before', '2026-11-29T02:30'],
    ]);
    assert.equal(questionOf(report, 'Go or no-go?')?.suggest, 'go');
    assert.deepEqual(inputsOf(rehearsed, 'compareManifests'), [{ with: 'ab12' }]);
    assert.deepEqual(
      report.followUps.map(({ title }) => title),
      ['Notify stakeholders: over'],
    );
    const silences = rehearsed.ran.filter(({ type }) => type === 'silence');
    assert.deepEqual(
      silences.map(({ args, title }) => [title, args[0], callOf(args).until]),
      [
        ['Silence planned alerts', { alerts: 'planned' }, '2026-11-29T04:00:00.000Z'],
        ['Silence planned alerts: over', { alerts: 'none' }, undefined],
      ],
    );
  });

  test('passes at the pace of the platform; the quarter of an hour before it and the four hours after it are people’s', async () => {
    const paced = { version: 1, input: { opensIn: 20 }, platform: { ...aStart().platform, pace: 1 / 60 } };
    const { report, ran } = await kept({ args: [paced], people: { ...planned, 'Go or no-go?': 'go' } });
    const second = (time?: string) => time?.slice(11, 19);
    const [checklist, window, backup, compared] = report.phases;
    assert.deepEqual(
      [checklist, window, backup].map(phase => second(phase?.began)),
      ['03:05:00', '03:20:00', '03:20:30'],
    );
    assert.deepEqual([window?.warned, window?.overdue].map(second), ['03:21:30', '03:22:00']);
    assert.equal(compared?.began.slice(11, 16), '07:22');
    const [silenced] = ran.filter(({ type }) => type === 'silence');
    assert.equal(second(silenced && callOf(silenced.args).until), '03:22:00');
  });

  test('that is over when its schedule is triggered is refused in a word, and nothing is asked, checked or changed', async () => {
    const late = 'operation:weekly-maintenance-window-2026-11-20T10:00:00Z';
    const rehearsed = await kept({ workflowId: late });
    const { report } = rehearsed;
    assert.equal(report.outcome, 'done');
    assert.deepEqual([report.questions, report.phases, report.followUps], [[], [], []]);
    assert.deepEqual([...new Set(rehearsed.ran.map(({ type }) => type))], ['remark', 'saveReport']);
    assert.match(
      resultOf(rehearsed) ?? '',
      /Refused: the window of Sunday, 2026-11-22, 02:00 to 04:00 UTC, is over\. Nothing was asked, checked or changed\.$/,
    );
    assert.match(report.summary, /Scheduled for 2026-11-20 10:00 UTC/);
  });

  test('only checks where no one says that anything is planned', async () => {
    const rehearsed = await kept({ people: {} });
    const { report } = rehearsed;
    assert.deepEqual(
      report.questions.map(({ title }) => title),
      ['Is anything planned?'],
    );
    assert.match(resultOf(rehearsed) ?? '', /Nothing was planned, and all checks are healthy\.$/);
    const ill = await kept({ people: {}, world: { queue: finding('faulty', {}, '40 jobs wait.') } });
    assert.match(ill.report.followUps[0]?.confirm ?? '', /^Check quantum job queue is faulty: 40 jobs wait\.$/);
  });
});

test('a key that is older than the platform allows is a follow-up of its owner, whether or not anything is planned', async () => {
  const old = finding('faulty', {}, 'Secret a/b, key k, 91 days old.');
  for (const answers of [{}, planned]) {
    const { report } = await kept({ people: answers, world: { keyAge: old } });
    const left = report.followUps.find(({ title }) => title === 'Quantum API Key Rotation: the key is too old');
    assert.deepEqual([left?.owner, left?.confirm], ['quantum', 'Secret a/b, key k, 91 days old.']);
  }
  const { report } = await kept({ world: { keyAge: finding('unknown') } });
  assert.ok(!report.followUps.some(({ title }) => title.includes('too old')));
});

describe('no-go', () => {
  test('is the answer where the window opens before anyone answers, and a go that comes after that is refused', async () => {
    const rehearsed = await kept({
      people: planned,
      messages: [decided('go-or-no-go', 'go', '2026-11-29T02:00:00.500Z'), decided('go-or-no-go', 'go', '2026-11-29T04:30:00Z')],
    });
    const { report } = rehearsed;
    const asked = questionOf(report, 'Go or no-go?');
    assert.deepEqual([asked?.suggest, asked?.answer?.choice, asked?.answer?.how], ['go', 'no-go', 'time']);
    assert.ok(!report.phases.some(({ title }) => title === 'Maintenance window'));
    assert.ok(!rehearsed.ran.some(({ type }) => type === 'silence'));
    assert.match(JSON.stringify(report.refusals), /go-or-no-go/);
  });

  test('is proposed by an archive that does not restore', async () => {
    const broken = finding('faulty', { digest: 'ab12' }, 'Saved 3 Deployments. It does not restore: Deployment a/b: refused.');
    const { report } = await kept({ people: planned, world: { saveManifests: broken } });
    const asked = questionOf(report, 'Go or no-go?');
    assert.deepEqual([asked?.suggest, asked?.answer?.choice], ['no-go', 'no-go']);
    assert.match(asked?.because ?? '', /^Prepare rollback plan is faulty: Saved 3 Deployments\. It does not restore/);
  });

  test('is proposed by an unknown check, and is the answer of no one', async () => {
    const rehearsed = await kept({ people: planned, world: { backups: finding('unknown', {}, 'Nothing is known of backups.') } });
    const { report } = rehearsed;
    const asked = questionOf(report, 'Go or no-go?');
    assert.deepEqual([asked?.suggest, asked?.answer?.choice], ['no-go', 'no-go']);
    assert.match(asked?.because ?? '', /Verify backup completion is unknown: Nothing is known of backups\./);
    assert.deepEqual(
      report.followUps.map(({ title }) => title),
      ['Notify stakeholders: called off'],
    );
    assert.match(resultOf(rehearsed) ?? '', /Called off\./);
  });

  test('is proposed where the status page had no notice; those who had the mail are written to again, as it promises', async () => {
    const mail = 'Notify stakeholders: mail';
    const rehearsed = await kept({
      people: { 'Is anything planned?': 'yes', [mail]: 'approve' },
      world: { tellCustomers: [toApprove('approval'), done()] },
    });
    const { report } = rehearsed;
    assert.equal(report.steps.find(({ title }) => title === mail)?.state, 'done');
    const asked = questionOf(report, 'Go or no-go?');
    assert.deepEqual([asked?.suggest, asked?.answer?.choice], ['no-go', 'no-go']);
    assert.match(asked?.because ?? '', /^The notice to stakeholders was not sent 24 hours before\.$/);
    assert.deepEqual(
      report.followUps.map(({ title }) => title),
      ['Notify stakeholders: called off'],
    );
    assert.match(report.followUps[0]?.confirm ?? '', /by mail or on the status page/);
  });
});

test('a backup of the night that failed is a follow-up with what is known of it', async () => {
  const failed = { 'Verify backup completion: of the night': finding('faulty', {}, 'Job nqba-backup failed at 02:04.') };
  const { report } = await kept({ world: failed });
  const followUp = report.followUps.find(({ title }) => title === 'The backup of the night failed');
  assert.equal(followUp?.confirm, 'Job nqba-backup failed at 02:04.');
});

test('the team hears of it, and the notice of the status page is in its question, ready to paste: times and the words of the mail', async () => {
  const window = 'Sunday, 2026-11-29, 02:00 to 04:00 UTC';
  const rehearsed = await kept();
  const { report } = rehearsed;
  assert.equal(inputsOf<{ text: string }>(rehearsed, 'remark')[0]?.text, `Maintenance is planned: ${window}.`);
  const because = questionOf(report, 'Notify stakeholders')?.because ?? '';
  const { subject, body } = publicText('maintenance', 'quantum', undefined, { window });
  assert.ok(because.includes(`${subject}, from 2026-11-29T02:00:00Z to 2026-11-29T04:00:00Z: ${body}`), because);
  assert.ok(body.includes(window));
});

describe('the mail', () => {
  const mail = 'Notify stakeholders: mail';

  test('is not sent any more once the notice is no longer in time', async () => {
    assert.equal(inputsOf<{ before: string }>(await kept(), 'tellCustomers')[0]?.before, '2026-11-28T02:00:00.000Z');
  });

  test('that is not out is no notice, whatever stands on the status page', async () => {
    const waits = await kept({ world: { tellCustomers: [toApprove('approval')] } });
    const go = questionOf(waits.report, 'Go or no-go?');
    assert.deepEqual(
      [go?.suggest, go?.because],
      ['no-go', 'The mail to customers about the maintenance is not known to be out: it is waiting.'],
    );
    const late = { byHand: { system: 'customers by mail', because: 'It was to go out before then.', paste: '' } };
    const { report } = await kept({
      people: { ...planned, [mail]: 'approve' },
      world: { tellCustomers: [toApprove('approval'), late] },
    });
    assert.match(questionOf(report, 'Go or no-go?')?.because ?? '', /is not known to be out: it is by hand\.$/);
    const out = await kept({
      people: { ...planned, [mail]: 'approve' },
      world: { tellCustomers: [toApprove('approval'), done()] },
    });
    assert.equal(questionOf(out.report, 'Go or no-go?')?.suggest, 'go');
  });
});

test('work that goes on is announced at half past three, once, and that the window was overrun stays on record', async () => {
  const rehearsed = await kept({ people: { ...planned, 'Go or no-go?': 'go' } });
  const warned = rehearsed.ran.filter(({ type, args }) => type === 'remark' && JSON.stringify(args[0]).includes('takes long'));
  assert.deepEqual(
    warned.map(({ at, args }) => [new Date(at).toISOString().slice(0, 16), args[0]]),
    [['2026-11-29T03:30', { text: 'Maintenance window takes long' }]],
  );
  const window = rehearsed.report.phases.find(({ title }) => title === 'Maintenance window');
  assert.deepEqual([window?.warned, window?.overdue], ['2026-11-29T03:30:00.000Z', '2026-11-29T04:00:00.000Z']);
  const inTime = await kept();
  assert.ok(!JSON.stringify(inputsOf(inTime, 'remark')).includes('takes long'), 'work that is done in time is not announced');
});

test('work beyond four is overdue, a follow-up four hours later, and then what differs is named', async () => {
  const differs = finding('faulty', {}, 'Differences: 1. Deployment a/b spec.replicas: 2 → 3.');
  const { report } = await kept({ people: { ...planned, 'Go or no-go?': 'go' }, world: { compareManifests: differs } });
  const window = report.phases.find(({ title }) => title === 'Maintenance window');
  assert.equal(window?.overdue, '2026-11-29T04:00:00.000Z');
  const compared = report.phases.find(({ title }) => title === 'Compare after with before');
  assert.equal(compared?.began.slice(0, 16), '2026-11-29T08:00');
  const titles = report.followUps.map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 2), [work, 'Compare after with before: only what was planned']);
});
