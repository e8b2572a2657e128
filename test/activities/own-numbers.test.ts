// Mails to the customers that an incident has hit: a check freezes them on the stand-ins, and a real mail server takes each one's numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { approved, call, mailing, noon } from './mailing.ts';
import type { World } from '../../lab/world.ts';
import { byHand, done } from './outcomes.ts';

const armed = { 'mode.delayed-jobs': 'supervised' };
const before = new Date(noon - 60_000).toISOString();
const worker = (pod: string, since: number) =>
  ({ pod, uid: pod, workload: 'worker', solver: 'dynex', fallback: false, since: noon + since }) as const;

/** Twice as many jobs came in as two pods take, for a minute and a half; ten pods have worked them off since. A minute is a second here. */
const delayedWorld = {
  pods: Array.from({ length: 10 }, (_, at) => worker(`w-${at}`, at < 2 ? -600_000 : -70_000)),
  systems: [
    { system: 'api', state: 'busy', from: noon - 160_000 },
    { system: 'api', state: 'healthy', from: noon - 70_000 },
  ],
} satisfies Partial<World>;

const records = z.array(
  z.looseObject({
    status: z.string(),
    customer: z.string(),
    created_at: z.string(),
    started_at: z.string().nullable(),
  }),
);
type Records = z.infer<typeof records>;

/** All records since two minutes before the alert, as another client reads them. */
async function recordsOf({ api }: Pick<Awaited<ReturnType<typeof mailing>>, 'api'>): Promise<Records> {
  const all: Records = [];
  for (let offset = 0; ; offset += 100) {
    const page = records.parse(await api(`/api/v1/qih/jobs?limit=100&offset=${offset}`));
    all.push(...page.filter(({ created_at }) => Date.parse(created_at) >= Date.parse(before) - 120_000));
    if (page.length < 100) return all;
  }
}

const counts = (those: Records) =>
  Object.fromEntries([...Map.groupBy(those, ({ customer }) => customer)].map(([customer, own]) => [customer, own.length]));

/** Of each reader, the count that the mail states. */
const statedIn = (messages: { to: string; text: string }[], line: RegExp) =>
  Object.fromEntries(messages.map(({ to, text }) => [to.split('@')[0], Number(line.exec(text.replaceAll(/=\r?\n/g, ''))?.[1])]));

test('owners of delayed jobs are mailed their own count once the delay is over, and no one else', async t => {
  const on = await mailing(t, { world: delayedWorld, workflow: 'delayedJobs', pace: 1 / 60, hold: armed });
  const freeze = 'customers with delayed jobs';
  const { verdict, evidence, facts, frozen } = await on.activities.quantum.jobOwners({ of: 'delayed', before, freeze });
  const waited = (await recordsOf(on)).filter(
    ({ started_at, created_at }) => Date.parse(started_at ?? new Date(noon).toISOString()) - Date.parse(created_at) > 30_000,
  );
  assert.ok(waited.length > 20, 'the world has delayed jobs');
  const own = counts(waited);
  assert.deepEqual([verdict, facts], ['faulty', { jobs: waited.length, unowned: 0, frozen: Object.keys(own).length }]);
  assert.doesNotMatch(evidence, /customer-\d/, 'a finding names no customer');
  done(await approved(on, { text: 'jobs-delayed-resolved', list: frozen }));
  assert.deepEqual(statedIn(on.messages, /- (\d+) of your jobs waited for more than 30 minutes, the longest for \d+, of/), own);
});

test('where no job was delayed the list is empty: nothing is sent, and it says so', async t => {
  const world = { pods: delayedWorld.pods.slice(0, 2), systems: [] };
  const on = await mailing(t, { world, workflow: 'delayedJobs', pace: 1 / 60, hold: armed });
  const { verdict, frozen } = await on.activities.quantum.jobOwners({ of: 'delayed', before, freeze: 'delayed' });
  assert.deepEqual([verdict, frozen?.count], ['healthy', 0]);
  const { because, paste } = byHand(await on.tell({ text: 'jobs-delayed-resolved', list: frozen }, call()));
  assert.deepEqual([because, paste], ['There is no customer to write to.', '']);
  assert.deepEqual(on.messages, []);
});
