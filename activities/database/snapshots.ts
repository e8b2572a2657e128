/** `aws rds describe-db-snapshots`: is the newest automated snapshot young, and may the database go back to the last minutes? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Instance, Snapshot } from '../connectors/rds.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { momentOf } from '../kubernetes/when.ts';
import type { SnapshotsFacts } from './facts.ts';

/**
 * Transaction logs are uploaded every five minutes
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html); three of them late is a fault. Milliseconds.
 */
const latest = 15 * 60_000;
const hour = 3_600_000;

/** @throws SystemError, also where we may not ask: that is unknown, and no missing backup */
export async function checkSnapshots({ systems: { rds }, now }: Deps, name: string, youngerThan: number) {
  if (!rds) throw notConnected('RDS', 'AWS_REGION');
  const [instance, snapshots] = await Promise.all([rds.instance(name), rds.automatedSnapshots(name)]);
  return judgeSnapshots({ name, instance, snapshots }, youngerThan, now());
}

interface Found {
  name: string;
  instance: Pick<Instance, 'keepsBackups' | 'restorableTo'>;
  snapshots: Snapshot[];
}

/** Pure. @param youngerThan hours @param now milliseconds since 1970 */
export function judgeSnapshots(found: Found, youngerThan: number, now: number): Finding<SnapshotsFacts> {
  const { name, instance, snapshots } = found;
  const newest = snapshots.toSorted((a, b) => b.at - a.at)[0];
  const facts = { snapshot: newest && new Date(newest.at).toISOString() };
  const isSetUp = instance.keepsBackups > 0;
  if (!isSetUp) {
    const evidence = `RDS makes no automated backups of ${name}: never set up, its retention period is 0 days.`;
    return { verdict: 'unknown', evidence, facts };
  }
  if (!newest) {
    const evidence = `RDS has no automated snapshot of ${name}, though it keeps them for ${instance.keepsBackups} days: missing.`;
    return { verdict: 'faulty', evidence, facts };
  }
  const said = `The newest automated snapshot of ${name} is ${newest.name}, ${momentOf(newest.at, now)}`;
  const isOld = now - newest.at >= youngerThan * hour;
  const { restorableTo } = instance;
  const isBehind = restorableTo === undefined || now - restorableTo > latest;
  const restored =
    restorableTo === undefined
      ? 'RDS names no time to which it can be restored'
      : `It can be restored to ${momentOf(restorableTo, now)}${isBehind ? ', which is more than 15 minutes ago' : ''}`;
  const old = isOld ? `: old, there should be one within ${youngerThan} h` : '';
  return { verdict: isOld || isBehind ? 'faulty' : 'healthy', evidence: `${said}${old}. ${restored}.`, facts };
}
