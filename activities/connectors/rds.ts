/**
 * The database instance in Amazon RDS, by AWS's own client: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
 * Credentials come by the client's own chain (a role of the service account, the environment, a profile); none is read here.
 */

import {
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  type RDSClientConfig,
} from '@aws-sdk/client-rds';
import { z } from 'zod';
import { plainAddress, printed } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { inTime, type Wire } from './http.ts';
import { fault, fine, type Line } from './line.ts';
import { faultOf, overFetch, system } from './rds-client.ts';
import { SystemError } from './system-error.ts';

export interface Instance {
  /** Never given to another instance. */
  uid: string;
  class: string;
  /** The class that it is about to have. */
  pendingClass: string | undefined;
  /** Other changes that wait, by their names: an immediate change applies them too. */
  pending: string[];
  status: string;
  hasStandby: boolean;
  /** Days; zero where no automated backups are made. */
  keepsBackups: number;
  /** Milliseconds since 1970. */
  restorableTo: number | undefined;
}

export interface Snapshot {
  name: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Every call throws SystemError. */
export interface Rds {
  address: string;
  instance: (name: string) => Promise<Instance>;
  /** Automated ones that can be restored, in no order. */
  automatedSnapshots: (name: string) => Promise<Snapshot[]>;
  /** At once. It is accepted, not done: the instance is `modifying` for minutes. */
  setClass: (name: string, wanted: string) => Promise<void>;
}

export interface RdsConfig extends Pick<RDSClientConfig, 'credentials'> {
  region: string;
  endpoint?: string | undefined;
}

const instance = z.looseObject({
  DbiResourceId: z.string(),
  DBInstanceClass: z.string(),
  DBInstanceStatus: z.string(),
  MultiAZ: z.boolean().default(false),
  BackupRetentionPeriod: z.number().default(0),
  LatestRestorableTime: z.date().optional(),
  PendingModifiedValues: z.record(z.string(), z.unknown()).default({}),
});
const snapshot = z.looseObject({ DBSnapshotIdentifier: z.string(), Status: z.string(), SnapshotCreateTime: z.date().optional() });

/** Pages of a hundred snapshots each: RDS keeps automated ones for 35 days at most. */
const mostPages = 10;

export function connectRds({ region, endpoint, credentials }: RdsConfig, wire: Wire): Rds {
  const client = new RDSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    // Temporal tries again, and knows when to stop.
    maxAttempts: 1,
    requestHandler: overFetch(wire),
  });
  const asked = async <T>(call: (over: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await inTime(wire.sleep, call);
    } catch (error) {
      throw faultOf(error);
    }
  };
  return {
    address: endpoint === undefined ? `rds.${region}.amazonaws.com` : printed(endpoint),
    async instance(name) {
      const ask = new DescribeDBInstancesCommand({ DBInstanceIdentifier: name });
      const { DBInstances = [] } = await asked(abortSignal => client.send(ask, { abortSignal }));
      return instanceOf(parsed(instance, DBInstances[0]));
    },
    async automatedSnapshots(name) {
      const all: Snapshot[] = [];
      let marker: string | undefined;
      for (let page = 1; page <= mostPages; page += 1) {
        const ask = new DescribeDBSnapshotsCommand({
          DBInstanceIdentifier: name,
          SnapshotType: 'automated',
          MaxRecords: 100,
          Marker: marker,
        });
        const { DBSnapshots = [], Marker } = await asked(abortSignal => client.send(ask, { abortSignal }));
        all.push(...parsed(z.array(snapshot), DBSnapshots).flatMap(restorable));
        if (!Marker) break;
        marker = Marker;
      }
      return all;
    },
    async setClass(name, wanted) {
      const ask = new ModifyDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBInstanceClass: wanted,
        ApplyImmediately: true,
      });
      await asked(abortSignal => client.send(ask, { abortSignal }));
    },
  };
}

const instanceOf = (found: z.infer<typeof instance>): Instance => {
  const { DBInstanceClass: pendingClass, ...pending } = found.PendingModifiedValues;
  return {
    uid: found.DbiResourceId,
    class: found.DBInstanceClass,
    pendingClass: typeof pendingClass === 'string' ? pendingClass : undefined,
    pending: Object.keys(pending).filter(name => pending[name] !== undefined),
    status: found.DBInstanceStatus,
    hasStandby: found.MultiAZ,
    keepsBackups: found.BackupRetentionPeriod,
    restorableTo: found.LatestRestorableTime?.getTime(),
  };
};

const restorable = (found: z.infer<typeof snapshot>): Snapshot[] =>
  found.Status === 'available' && found.SnapshotCreateTime
    ? [{ name: found.DBSnapshotIdentifier, at: found.SnapshotCreateTime.getTime() }]
    : [];

function parsed<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new SystemError({ system, fault: 'garbled', text: 'answered with something else than expected' });
}

async function examine({
  system: rds,
  platform: { database },
}: Pick<Seen<RdsConfig, Rds>, 'system' | 'platform'>): Promise<Line> {
  if (!database) return fine(system, 'is not asked: the platform description has no section database.');
  if (!rds) return fine(system, 'is not connected: its snapshots are not checked. To connect it, set AWS_REGION.');
  const { status, class: size, keepsBackups } = await rds.instance(database.instance);
  if (keepsBackups > 0) return fine(system, `has ${database.instance}: ${size}, ${status}.`);
  return fault(system, `makes no automated backups of ${database.instance}.`, 'Set its backup retention period.');
}

export const rdsSystem = describeSystem({
  variables: z.object({
    AWS_REGION: text.optional().register(documented, {
      means: 'where the RDS instance of the platform description runs; credentials come by the AWS client’s own chain',
      without: 'snapshots of RDS are not checked, and its class is changed by hand',
      example: 'eu-central-1',
    }),
    AWS_ENDPOINT_URL_RDS: plainAddress
      .optional()
      .register(documented, { means: 'another address of RDS, such as a VPC endpoint' }),
  }),
  configure: ({ AWS_REGION: region, AWS_ENDPOINT_URL_RDS: endpoint }): RdsConfig | undefined =>
    region ? { region, endpoint } : undefined,
  missing: ({ AWS_REGION: region, AWS_ENDPOINT_URL_RDS: endpoint }) => [
    endpoint && !region && 'AWS_REGION is missing, but AWS_ENDPOINT_URL_RDS is set',
  ],
  connect: connectRds,
  examined: { name: system, examine },
});
