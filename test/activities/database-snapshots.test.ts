/** Snapshots of RDS beside the Jobs of the cluster: never set up, missing, old, and not permitted are four things. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Options } from '../../lab/stand-ins/rds.ts';
import type { State } from '../../lab/world/systems.ts';
import { activitiesWith, virtualClock } from './bare.ts';
import { aDatabase, rdsWith } from './database-at-rds.ts';

const now = virtualClock().now();
/** AWS's client takes its own time. */
const clock = {
  now: () => now,
  sleep: async (ms: number, signal?: AbortSignal) => {
    await pause(ms / 4, undefined, signal && { signal });
  },
};
const ended = {
  metadata: { name: 'nqba-backup-1' },
  status: { succeeded: 1, completionTime: new Date(now - 3_600_000).toISOString() },
};
const cluster = (jobs: object[]) => ({
  fetch: ({ url }: Request) => Response.json({ items: url.includes('/jobs') ? jobs : [] }),
});

async function judged(
  options: Partial<Options> = {},
  { jobs = [ended], state = 'healthy' }: { jobs?: object[]; state?: State } = {},
) {
  const { connection } = rdsWith(clock, options, state);
  const { database } = activitiesWith({ kubernetes: cluster(jobs), rds: connection }, clock);
  const { verdict, evidence, facts } = await database.backups({ youngerThan: 26 });
  return { text: `${verdict}: ${evidence}`, facts };
}
const withDatabase = (change: Parameters<typeof aDatabase>[1]) => ({ database: aDatabase(now, change) });

describe('snapshots of RDS', () => {
  test('are healthy beside a young Job: the newest of all pages counts', async () => {
    const { text, facts } = await judged();
    assert.match(
      text,
      /^healthy: The newest backup is that of Job nqba-backup-1.* rds:16-hours-ago, 2026-11-23 11:00 UTC\. It can be restored to 02:56 UTC\.$/,
    );
    assert.equal(facts?.snapshot, '2026-11-23T11:00:00.000Z');
  });

  test('that are old, missing or never set up are told apart; a Job alone is not enough', async () => {
    const old = aDatabase(now).snapshots.filter(({ name }) => !name.includes('16'));
    assert.match(
      (await judged(withDatabase({ snapshots: old }))).text,
      /^faulty: .*rds:40-hours-ago.*: old, there should be one within 26 h/,
    );
    const creating = [{ name: 'rds:now', at: now, status: 'creating' }];
    assert.match((await judged(withDatabase({ snapshots: creating }))).text, /^faulty: .*keeps them for 30 days: missing\.$/);
    const never = withDatabase({ keepsBackups: 0, snapshots: [] });
    assert.match((await judged(never)).text, /^unknown: .*never set up, its retention period is 0 days\.$/);
    assert.match(
      (await judged({}, { jobs: [] })).text,
      /^unknown: .*no CronJob with backup in its name: never set up\. The newest automated/,
    );
  });

  test('of a database that cannot be restored to the last minutes are faulty', async () => {
    const late = withDatabase({ restorableTo: now - 16 * 60_000 });
    assert.match((await judged(late)).text, /^faulty: .*restored to 02:44 UTC, which is more than 15 minutes ago\.$/);
  });

  test('without permission, of another name, and where RDS is away are unknown, and no secret is printed', async () => {
    for (const action of ['DescribeDBSnapshots', 'DescribeDBInstances']) {
      const { text } = await judged({ denied: [action] });
      assert.match(text, new RegExp(`^unknown: .*RDS answered 403: AccessDenied: .*not authorized to perform: rds:${action}`));
    }
    assert.match((await judged(withDatabase({ name: 'other' }))).text, /^unknown: .*RDS answered 404: DBInstanceNotFoundFault/);
    for (const state of ['down', 'refused', 'garbage', 'unauthorised', 'slow'] as const) {
      const { text } = await judged({}, { state });
      assert.match(text, /^unknown: .*RDS (answered|cannot be reached)/, state);
      assert.doesNotMatch(text, /hush/);
    }
    const { database } = activitiesWith({ kubernetes: cluster([ended]) }, clock);
    assert.match((await database.backups({ youngerThan: 26 })).evidence, /RDS is not connected: set AWS_REGION\.$/);
  });
});
