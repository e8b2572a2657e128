/** A reader's own numbers, a line each, out of the list that a check froze: each text takes the list of its own kind alone. */

import type { z } from 'zod';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { type CorrectedItem, correctedItem } from '../billing/items.ts';
import { money } from '../billing/sources.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import { frozenItems } from '../engine/frozen-list.ts';
import { type CustomerItem, customerItem } from '../gateway/items.ts';
import type { Own } from '../messages/texts.ts';
import { type CustomerJobs, customerJobs } from '../quantum/items.ts';
import { longest } from '../quantum/job-owners.ts';

export interface OwnNumbers {
  customer: string;
  lines: string[];
}

type Lines = (list: FrozenList, artifacts: Artifacts) => Promise<OwnNumbers[]>;

const linesOf =
  <Item extends { customer: string }>(schema: z.ZodType<Item>, lines: (item: Item) => string[]): Lines =>
  async (list, artifacts) =>
    (await frozenItems(artifacts, list, schema)).map(item => ({ customer: item.customer, lines: lines(item) }));

const used = { jobs_per_month: 'jobs this month', calls_per_day: 'calls today', calls_per_minute: 'calls a minute' } as const;

const usedLine = ({ of, used: count, allowed }: CustomerItem): string[] =>
  allowed === undefined ? [] : [`${count} of ${allowed} ${used[of]}`];

const jobsOf = (of: CustomerJobs['of'], what: (item: CustomerJobs) => string | undefined) => (item: CustomerJobs) => {
  const told = item.of === of ? what(item) : undefined;
  return told === undefined
    ? []
    : [`${item.jobs} of your jobs ${told}, of those from ${minute(item.from)} to ${minute(item.to)} UTC`];
};

const delayed = ({ longest: most }: CustomerJobs) =>
  most === undefined ? undefined : `waited for more than ${longest} minutes, the longest for ${Math.floor(most)}`;

const correctedLine = ({ how, amount, currency, day }: CorrectedItem) => [`${money(amount, currency)} ${how} on ${day}`];

const minute = (at: string) => at.slice(0, 16).replace('T', ' ');

const ownLines: Record<Own, Lines> = {
  used: linesOf(customerItem, usedLine),
  // The platform says what is in force once the mail is written.
  raised: linesOf(customerItem, () => []),
  delayed: linesOf(customerJobs, jobsOf('delayed', delayed)),
  corrected: linesOf(correctedItem, correctedLine),
  failed: linesOf(
    customerJobs,
    jobsOf('failed', () => 'failed'),
  ),
};

/** An item each; a customer may have several. @throws SystemError, or a failure of the list */
export const ownNumbers = (list: FrozenList, own: Own | undefined, artifacts: Artifacts): Promise<OwnNumbers[]> =>
  own === undefined ? linesOf(customerItem, () => [])(list, artifacts) : ownLines[own](list, artifacts);
