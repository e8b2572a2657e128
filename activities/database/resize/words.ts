/** The text that people read before the class of the database changes: its price, its interruption, the way back. */

import type { Instance } from '../../connectors/rds.ts';
import type { Platform } from '../../platform.ts';

type Database = NonNullable<Platform['database']>;

/**
 * With a standby the database fails over, which takes 60 to 120 seconds
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html); a single instance is down while its class
 * changes (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html).
 */
export const interruption = ({ hasStandby }: Pick<Instance, 'hasStandby'>) =>
  hasStandby
    ? 'The database fails over to its standby: connections break, and for 60 to 120 seconds there are none.'
    : 'The database has no standby: it is down for several minutes, and all that needs it fails meanwhile.';

export function priceText(from: string, to: string, { prices }: Database): string {
  const [old, next] = [prices?.perHour[from], prices?.perHour[to]];
  if (!prices || old === undefined || next === undefined) {
    const missing = [from, to].filter(size => prices?.perHour[size] === undefined).join(', ');
    return `Its price is unknown: database.prices of the platform description has none for ${missing}.`;
  }
  const { currency, asOf } = prices;
  const monthly = Math.round((next - old) * 730);
  return `It costs ${next} instead of ${old} ${currency} an hour, about ${monthly} ${currency} a month more (prices of ${asOf}).`;
}

export const wayBack = (from: string) =>
  `The way back is the class ${from}, with the same interruption; it stays until people decide.`;

/** Applied at once, everything else that waits is applied with it. */
export const alsoApplied = ({ pending }: Pick<Instance, 'pending'>) =>
  pending.length > 0 ? [`It applies at once what else waits for the maintenance window: ${pending.join(', ')}.`] : [];
