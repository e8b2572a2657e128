/**
 * Amazon RDS with one instance: described, its class changed at once, its automated snapshots listed. The query protocol, in XML.
 *
 * Follows https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/ (API_DescribeDBInstances, API_DescribeDBSnapshots,
 * API_ModifyDBInstance with their errors, CommonErrors for what is denied) and, for the states of a change,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html. Signatures are not verified.
 * A change takes as long as it is told here; real ones take minutes.
 */

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { failing, standIn, type Surroundings } from './stand-in.ts';

const database = z.object({
  name: z.string(),
  class: z.string(),
  /** The class that it gets, and when: milliseconds since 1970. */
  becomes: z.object({ class: z.string(), at: z.number() }).optional(),
  hasStandby: z.boolean(),
  keepsBackups: z.number(),
  /** Milliseconds since 1970. */
  restorableTo: z.number(),
  snapshots: z.array(z.object({ name: z.string(), at: z.number(), status: z.string() })),
  /** Another change that waits for the maintenance window. */
  waiting: z.string().optional(),
});
export type Database = z.infer<typeof database>;

const offered = ['db.r6g.large', 'db.r6g.xlarge', 'db.r6g.2xlarge'];

export interface Options {
  database: Database;
  /** Milliseconds. */
  takes?: number;
  /** Actions that the caller's role does not allow. */
  denied?: string[];
  /** Calls that are one too many, from the first on: the account is over its rate of calls. */
  throttled?: number;
}

export function rds(around: Surroundings, { database: kept, takes = 1_000, denied = [], throttled = 0 }: Options): Hono {
  let over = throttled;
  const app = standIn();
  app.use(
    failing(around, {
      down: c => error(c, 503, 'ServiceUnavailable', 'The request has failed due to a temporary failure of the server.'),
      unauthorised: c => error(c, 403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
    }),
  );
  app.post('/', async c => {
    const asked = new URLSearchParams(await c.req.text());
    const action = asked.get('Action') ?? '';
    if (denied.includes(action))
      return error(c, 403, 'AccessDenied', `User: arn:aws:iam::1:role/runbooks is not authorized to perform: rds:${action}`);
    if (over > 0) {
      over -= 1;
      return error(c, 400, 'Throttling', 'Rate exceeded');
    }
    settle(kept, around.now());
    if (action === 'DescribeDBSnapshots') return described(c, action, snapshotsOf(kept, asked));
    if (asked.get('DBInstanceIdentifier') !== kept.name)
      return error(c, 404, 'DBInstanceNotFound', `DBInstance ${asked.get('DBInstanceIdentifier')} not found.`);
    if (action === 'DescribeDBInstances')
      return described(c, action, `<DBInstances><DBInstance>${instanceOf(kept)}</DBInstance></DBInstances>`);
    if (action === 'ModifyDBInstance') return modify(c, kept, asked, { ...around, takes });
    return error(c, 400, 'InvalidAction', `Could not find operation ${action}`);
  });
  return app;
}

function settle(kept: Database, now: number): void {
  if (!kept.becomes || kept.becomes.at > now) return;
  kept.class = kept.becomes.class;
  delete kept.becomes;
}

function modify(c: Context, kept: Database, asked: URLSearchParams, { now, record, takes }: Surroundings & { takes: number }) {
  const wanted = asked.get('DBInstanceClass') ?? kept.class;
  if (kept.becomes) return error(c, 400, 'InvalidDBInstanceState', 'Database instance is not in available state.');
  if (!offered.includes(wanted)) return error(c, 400, 'InvalidParameterValue', `Invalid DB Instance class: ${wanted}`);
  if (asked.get('ApplyImmediately') !== 'true') kept.waiting = 'DBInstanceClass';
  else if (wanted !== kept.class) {
    kept.becomes = { class: wanted, at: now() + takes };
    delete kept.waiting;
    record({ system: 'rds', to: kept.name, key: '', text: `class ${wanted}` });
  }
  return described(c, 'ModifyDBInstance', `<DBInstance>${instanceOf(kept)}</DBInstance>`);
}

const element = (name: string, value: string | number | boolean) => `<${name}>${value}</${name}>`;
const time = (at: number) => new Date(at).toISOString();

const instanceOf = ({ name, class: size, becomes, hasStandby, keepsBackups, restorableTo, waiting }: Database) =>
  [
    element('DBInstanceIdentifier', name),
    element('DbiResourceId', 'db-PRACTICE'),
    element('DBInstanceClass', size),
    element('DBInstanceStatus', becomes ? 'modifying' : 'available'),
    element('MultiAZ', hasStandby),
    element('BackupRetentionPeriod', keepsBackups),
    element('LatestRestorableTime', time(restorableTo)),
    element(
      'PendingModifiedValues',
      [becomes ? element('DBInstanceClass', becomes.class) : '', waiting ? element(waiting, '16.1') : ''].join(''),
    ),
  ].join('');

/** Two a page, so that whoever reads it must turn pages. */
function snapshotsOf({ snapshots, name }: Database, asked: URLSearchParams): string {
  const from = Number(asked.get('Marker') ?? 0);
  const all = asked.get('DBInstanceIdentifier') === name ? snapshots : [];
  const page = all.slice(from, from + 2).map(({ name: id, at, status }) => {
    const fields = [element('DBSnapshotIdentifier', id), element('Status', status), element('SnapshotCreateTime', time(at))];
    return element('DBSnapshot', fields.join(''));
  });
  const marker = from + 2 < all.length ? element('Marker', from + 2) : '';
  return element('DBSnapshots', page.join('')) + marker;
}

const described = (c: Context, action: string, result: string) =>
  xml(c, 200, `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`);

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';

const error = (c: Context, status: 400 | 403 | 404 | 503, code: string, message: string) =>
  xml(
    c,
    status,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );

const xml = (c: Context, status: 200 | 400 | 403 | 404 | 503, body: string) =>
  c.body(body, status, { 'content-type': 'text/xml' });
