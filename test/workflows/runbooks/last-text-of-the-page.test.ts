// A notice that stands only because its last text waits for people is asked about with the next check of the recovery.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import { alert, p0, rollback } from '../../support/platform-down.ts';
import {
  aReceipt,
  aStart,
  callOf,
  done,
  effects,
  finding,
  minutes,
  planned,
  questionOf,
  type Rehearsing,
} from '../../support/rehearsing.ts';

const last = 'Update status page: operational';
const target = { system: 'status page', kind: 'Status page', name: 'API' } as const;
const takeBack = { action: 'setStatusPage', key: 'k', target, words: 'a notice' };

/** Minutes from the first check of the recovery until people are asked about the notice. */
async function askedAfter(rehearsing: Rehearsing): Promise<number> {
  let stands = false;
  const world = {
    standing: () => (stands ? finding('faulty', { standing: ['k'] }) : finding('healthy', { standing: [] })),
    setStatusPage: ({ title, args }: Attempt) => {
      if (title === last && callOf(args).approved === undefined) return planned('approval');
      stands = title !== last;
      return done(aReceipt({ takeBack: stands ? takeBack : undefined }));
    },
  };
  const rehearsed = await p0({ world, people: { [rollback]: 'approve' }, atMost: minutes(90), ...rehearsing });
  const [check] = effects(rehearsed, 'recovered');
  const asked = questionOf(rehearsed.report, 'Changes of this incident still stand')?.asked;
  assert.ok(check && asked);
  return Math.floor((Date.parse(asked) - check.at) / minutes(1));
}

test('with the next check, however often the incident rolls over meanwhile', async () => {
  assert.equal(await askedAfter({}), 5);
  assert.equal(await askedAfter({ rollOver: true }), 5);
});

test('at once in an incident that began before there were drafts: it is replayed as it began', async () => {
  assert.equal(await askedAfter({ args: [aStart(alert)] }), 0);
});
