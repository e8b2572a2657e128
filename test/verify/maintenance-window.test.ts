/** The weekly maintenance window on a practice platform: open, overrun and over, with a real Alertmanager; and started by its schedule. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Following, settledStep } from '../../lab/guide/following.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { notRun, type RealAlertmanager, startWithClient } from '../support/amtool.ts';
import { annAnswers } from '../support/ann-answers.ts';
import { triggered } from '../support/by-schedule.ts';
import { eventually } from '../support/eventually.ts';
import { type LetterBox, letterBox } from '../support/letter-box.ts';
import {
  backUp,
  completeNotice,
  mailIsOut,
  manifestsAreSaved,
  publishNotice,
  sentAndGo,
  untilMailed,
  work,
} from '../support/maintenance.ts';
import { cloudDatabase } from '../support/cloud-database.ts';
import { meteredCluster } from '../support/metered-cluster.ts';
import { Platform } from '../support/practice.ts';

let alertmanager: RealAlertmanager;
let mail: LetterBox;
let platform: Platform;
let database: Awaited<ReturnType<typeof cloudDatabase>>;
let metrics: Awaited<ReturnType<typeof meteredCluster>>;

before(async () => {
  if (notRun) return;
  [alertmanager, mail, database] = await Promise.all([startWithClient(), letterBox(), cloudDatabase()]);
  const workerEnvironment = { ...mail.variables, ...database.variables, ALERTMANAGER_URL: alertmanager.url };
  platform = await Platform.start({ pace: 1 / 60, workerEnvironment });
  metrics = await meteredCluster(platform.practice);
  await platform.hold({ 'mode.weekly-maintenance-window': 'supervised' });
  await backUp(platform);
});
after(async () => {
  await platform?.stop();
  await Promise.all([metrics?.close(), mail?.close(), database?.close(), alertmanager?.stop()]);
});

const slug = 'weekly-maintenance-window';
const asksForWork = ({ questions }: Report) => questions.some(({ title }) => title === work);
const isClosed = ({ state }: Report) => state === 'closed';
const phaseOf = ({ phases }: Report) => phases.find(({ title }) => title === 'Maintenance window');

async function startedByHand(...flags: string[]): Promise<Following> {
  const { stdout, stderr } = await platform.cli('start', slug, ...flags);
  return new Following(platform.temporal, /^(\S+): started/.exec(stdout)?.[1] ?? assert.fail(stderr));
}

test('it opens after the go, silences until it closes, is overrun on record, and is over once the work is', {
  skip: notRun,
}, async () => {
  const since = new Date();
  const window = await startedByHand('--opens-in', '3');
  await annAnswers(window, mailIsOut, untilMailed);
  const notice = await publishNotice(platform, (await window.asked('Notify stakeholders')).because ?? '');
  assert.equal(notice.status, 'scheduled');
  await annAnswers(window, asksForWork, sentAndGo);
  await window.until('the silence', report => settledStep(report, 'Silence planned alerts'));
  const open = await window.report();
  const go = open.questions.find(({ title }) => title === 'Go or no-go?');
  assert.deepEqual([go?.suggest, go?.answer?.choice, go?.answer?.by], ['no-go', 'go', 'ann'], go?.because);
  assert.match(
    go?.because ?? '',
    /^The mail to customers about the maintenance is not known to be out: it is part\.$/,
    'one has no mailbox',
  );
  const silences = await alertmanager.silences();
  assert.deepEqual(
    silences.map(({ createdBy, endsAt }) => [createdBy, endsAt]),
    [['nqba-runbooks', phaseOf(open)?.by]],
  );
  await manifestsAreSaved(platform, open);

  await window.until('the overrun', report => phaseOf(report)?.overdue);
  assert.ok(asksForWork(await window.report()), 'the work goes on');
  await eventually(async () => assert.deepEqual(await alertmanager.silences(), []), { within: 10_000 });
  await annAnswers(window, isClosed);
  isOver(await window.report());
  assert.equal((await completeNotice(platform, notice.id)).status, 'completed');
  assert.equal(mail.since(since).length, 24, 'each customer has the notice once');
  const posts = platform.messages(since).filter(({ system }) => system === 'slack');
  for (const words of ['Maintenance is planned: ', 'Maintenance window takes long', 'The window is over.'])
    assert.equal(posts.filter(({ text }) => text.includes(words)).length, 1, words);
  assert.deepEqual(await platform.writes(since, ['nqba-runbooks']), []);
});

function isOver(report: Report) {
  const { outcome, followUps } = report;
  const { overdue = '', by = '' } = phaseOf(report) ?? {};
  assert.deepEqual([outcome, by !== '' && overdue >= by], ['done', true], `overdue ${overdue}, to be over by ${by}`);
  assert.deepEqual(
    followUps.map(({ title }) => title),
    ['Notify stakeholders: over'],
  );
}

/** So that any Sunday is near. */
function hurry() {
  const file = platform.environment.RUNBOOKS_PLATFORM ?? '';
  const described = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...described, times: { ...described.times, pace: 1 / 30_000 } }));
}

/** Everything that it did, without its name and its times. */
async function effects(start: () => Promise<Following>) {
  const since = new Date();
  const operation = await start();
  const report = await operation.until('its end', found => (isClosed(found) ? found : undefined));
  const plain = (text: string) =>
    text
      .replaceAll(operation.name, 'NAME')
      .replaceAll(/\d+/g, '0')
      .replaceAll(/\w+day\b/g, 'DAY');
  return {
    steps: report.steps.map(({ title, state }) => `${title}: ${state}`).toSorted(),
    questions: report.questions.map(({ title, answer }) => [title, answer?.choice, answer?.how]),
    left: report.followUps.map(({ title, owner }) => `${title} (${owner})`),
    outcome: report.outcome,
    messages: platform.messages(since).map(({ system, to, text }) => [system, plain(to), plain(text)]),
    writes: await platform.writes(since, ['nqba-runbooks']),
    because: report.summary,
  };
}

test('its schedule starts it as people do, and it checks and ends alike', { skip: notRun }, async () => {
  hurry();
  const { because: byHand, ...started } = await effects(() => startedByHand());
  const { because: bySchedule, ...scheduled } = await effects(() => triggered(platform, slug));
  assert.deepEqual(scheduled, started);
  assert.match(byHand, /Started by /);
  assert.match(bySchedule, /Scheduled for /);
  assert.deepEqual(scheduled.questions, [['Is anything planned?', 'no', 'time']]);
  assert.ok(scheduled.steps.includes('Quantum API Key Rotation: age of the key: healthy'), scheduled.steps.join('; '));
});
