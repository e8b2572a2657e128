// The public page after an undo in the quiet time: it says what recovery reads now, and not what it read before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import type { Outcome } from '../../../workflows/contract/index.ts';
import {
  alertEnds,
  aReceipt,
  aTakeBack,
  done,
  finding,
  inputsOf,
  minutes,
  planned,
  threeAtNight,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const notice = aTakeBack().takeBack;
const published = ({ title }: Attempt) =>
  done(
    aReceipt({
      changes: [],
      effect: { measured: 'nothing to measure', text: 'published' },
      takeBack: title.includes('operational') ? undefined : { ...notice, key: 'page' },
    }),
  );

/** An undo at minute 60; recovery is faulty from then on until that minute. */
function undone(
  healthyFrom: number,
  verdict: 'faulty' | 'unknown' | 'healthy' = 'faulty',
  page: (attempt: Attempt) => Outcome = published,
) {
  const after = (minute: number) => threeAtNight + minutes(minute);
  return trialOutage({
    world: {
      setStatusPage: page,
      standing: finding('healthy', { standing: [], staying: ['k'] }),
      recovered: ({ at }: Attempt) => finding(at >= after(60) && at < after(healthyFrom) ? verdict : 'healthy'),
    },
    messages: [alertEnds(10), { after: minutes(60), signal: 'undone', args: [{ key: 'k', by: 'bob' }] }],
    atMost: minutes(300),
  });
}

type Page = { status: string; text: string };
const texts = (rehearsed: Awaited<ReturnType<typeof undone>>) =>
  inputsOf<Page>(rehearsed, 'setStatusPage').map(({ text }) => text);
const before = ['degraded', 'quantum-fallback', 'dynex-resolved'];

test('recovery that reads faulty after an undo corrects the page at once, and says again that it works once it does', async () => {
  const stays = await undone(1000);
  assert.equal(stays.closed, false);
  assert.deepEqual(texts(stays), [...before, 'degraded']);
  const again = await undone(90);
  assert.deepEqual([again.report.outcome, ...texts(again)], ['recovered', ...before, 'degraded', 'dynex-resolved']);
});

test('recovery that is still healthy after an undo, or not known, leaves the page as it is', async () => {
  assert.deepEqual(texts(await undone(90, 'healthy')), before);
  assert.deepEqual(texts(await undone(90, 'unknown')), before);
});

test('a corrected page that waits for people is asked about once, however often recovery is measured meanwhile', async () => {
  const held = (attempt: Attempt) => (attempt.at > threeAtNight + minutes(60) ? planned('held') : published(attempt));
  const { report } = await undone(1000, 'faulty', held);
  const questions = report.questions.filter(({ kind }) => kind === 'held');
  assert.deepEqual([questions.length, questions[0]?.answer], [1, undefined]);
});
