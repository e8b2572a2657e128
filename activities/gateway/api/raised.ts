/**
 * Quotas that were raised for customers, as one target of the engine with a field for each customer. A field names its customer by a
 * digest, so that no plan or record tells who it is: the name lies in the artifact store.
 */

import { z } from 'zod';
import type { Target } from '../../../workflows/contract/action.ts';
import { type Artifacts, sha256 } from '../../connectors/artifacts.ts';
import { jsonOf } from '../../connectors/http.ts';
import type { Allowed, Entitlements, Override } from '../../connectors/operator-api/entitlements.ts';
import { SystemError } from '../../connectors/system-error.ts';
import { failedFurther } from '../../engine/begun.ts';
import { type Holder, holdersIn } from '../../engine/holders.ts';
import { recordedAround, storedRecords } from '../../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../../engine/target.ts';
import type { Edit, Write } from '../../engine/write.ts';
import { stopped, wasRefused } from '../../failures.ts';
import { quotaWords } from '../customers.ts';
import { endIn, saltOf } from './blocks.ts';
import { nameless } from './nameless.ts';

export const raisedTarget: Target = { system: 'NQBA API', kind: 'Quotas', name: 'raised' };

const kept = z.object({ customer: z.string().min(1).max(320) });
const beginning = 'quota of customer ';
const nameOf = (field: string) => `raised/${sha256(field)}`;

/** The field of a customer. @throws SystemError */
export async function raisedField(artifacts: Artifacts, customer: string): Promise<string> {
  const field = `${beginning}${sha256(`${await saltOf(artifacts)} ${customer}`).slice(0, 16)}`;
  await artifacts.write(nameOf(field), JSON.stringify({ customer }));
  return field;
}

/** The customers whose quota an incident raised, in whichever round, while that stands. @throws SystemError, and `NotFound` */
export async function raisedBy(artifacts: Artifacts, incident: string): Promise<string[]> {
  const own = holdersIn(await storedRecords(artifacts, raisedTarget)).filter(holder => holder.incident === incident);
  const fields = new Set(own.flatMap(({ before }) => Object.keys(before)));
  return Promise.all([...fields].map(field => customerOf(artifacts, field)));
}

/** `1500 jobs a month, 150 calls a minute`. */
export const shownQuotas = (raised: Partial<Allowed>): string =>
  quotaWords.flatMap(([quota, words]) => (raised[quota] === undefined ? [] : [`${raised[quota]} ${words}`])).join(', ');

function quotasIn(shown: string): Partial<Allowed> {
  const parts = new Map(shown.split(', ').map(part => [part.slice(part.indexOf(' ') + 1), Number.parseInt(part, 10)]));
  return Object.fromEntries(quotaWords.flatMap(([quota, words]) => (parts.has(words) ? [[quota, parts.get(words)]] : [])));
}

/** Nothing where none is in force at a moment, milliseconds since 1970. */
const inForce = (override: Override | null, now: number): string | null =>
  override && Date.parse(override.until) > now ? shownQuotas(override) : null;

interface Around {
  entitlements: Entitlements;
  artifacts: Artifacts;
  now: () => number;
  /** Fields that are wanted, besides those of records. */
  fields: ReadonlySet<string>;
}

export function raisedQuotas({ entitlements, artifacts, now, fields }: Around): TargetSystem {
  const of = async <T>(field: string, call: (customer: string) => Promise<T>): Promise<T> => {
    const customer = await customerOf(artifacts, field);
    return nameless(customer, field, () => call(customer));
  };
  /** One that someone has prolonged is no longer ours to end: it is another value. */
  const valueOf = async (field: string, holders: Holder[]): Promise<string | null> => {
    const override = await of(field, customer => overrideOf(entitlements, customer));
    const raised = inForce(override, now());
    const ends = holders.flatMap(({ before, until }) => (field in before ? (until ?? []) : []));
    const isOurs = ends.length === 0 || ends.some(end => Date.parse(override?.until ?? '') <= Date.parse(end));
    return raised === null || isOurs ? raised : `${raised}, until ${override?.until}`;
  };
  const set = (field: string, wanted: string | null, write: Write) =>
    of(field, customer =>
      wanted === null
        ? entitlements.clearOverride(customer)
        : entitlements.setOverride(customer, { ...quotasIn(wanted), until: endIn(write, field) }),
    );
  return {
    async read(target): Promise<Snapshot> {
      const records = await storedRecords(artifacts, target);
      const holders = holdersIn(records);
      const all = new Set([...fields, ...holders.flatMap(({ before }) => Object.keys(before))]);
      const values = new Map<string, string | null>();
      for (const field of all) values.set(field, await valueOf(field, holders));
      const value = (field: string) => values.get(field) ?? null;
      return { target, uid: target.name, value, records, holders, recordsWithWrites: false };
    },
    async write(write, seen) {
      const own = Object.entries(write.records).flatMap(([name, record]) =>
        record === null ? [] : holdersIn({ [name]: record }),
      );
      const valueNow = (field: string) => valueOf(field, [...seen.holders, ...own]);
      await recordedAround(artifacts, write, seen, {
        change: () => changeAll(write, valueNow, set),
        async prove() {
          for (const { field, after } of write.edits) if ((await valueNow(field)) !== after) throw notShown();
        },
      });
    },
  };
}

/** Nothing for a customer who is gone. */
const overrideOf = async ({ of }: Entitlements, customer: string): Promise<Override | null> => {
  try {
    return (await of(customer)).override;
  } catch (error) {
    if (error instanceof SystemError && error.status === 404) return null;
    throw error;
  }
};

type Setting = (field: string, wanted: string | null, write: Write) => Promise<void>;

/** The API knows no version of a quota: it is read again right before. After a refusal all is put back that may be. */
async function changeAll(write: Write, valueNow: (field: string) => Promise<string | null>, set: Setting): Promise<void> {
  const made: Edit[] = [];
  let before = 0;
  for (const edit of write.edits)
    try {
      const now = await valueNow(edit.field);
      if (now === edit.after) before += 1;
      else if (now !== edit.before) throw moved();
      else {
        await set(edit.field, edit.after, write);
        made.push(edit);
      }
    } catch (error) {
      if (!wasRefused(error)) throw error;
      const left = before + (await notPutBack(made, field => set(field, null, write)));
      if (left === 0) throw error;
      throw failedFurther(error, `${edit.after === null ? 'Ended' : 'Raised'} already: ${left} of ${write.edits.length}.`);
    }
}

/** How many of these stay. What was ended is not raised again: people wanted its end. */
async function notPutBack(made: Edit[], end: (field: string) => Promise<void>): Promise<number> {
  const ends = await Promise.allSettled(made.map(({ field, after }) => (after === null ? Promise.reject() : end(field))));
  return ends.filter(({ status }) => status === 'rejected').length;
}

const system = 'The NQBA API';
const moved = () =>
  new SystemError({ system, fault: 'answered', status: 409, text: 'has another quota of a customer than it had a moment ago' });
const notShown = () => new SystemError({ system, fault: 'garbled', text: 'took a raised quota, and does not show it' });

/** @throws `NotFound` where no one knows any more whose it is */
async function customerOf(artifacts: Artifacts, field: string): Promise<string> {
  const { data } = kept.safeParse(jsonOf((await artifacts.read(nameOf(field))) ?? ''));
  if (data) return data.customer;
  throw stopped(
    'NotFound',
    `The artifact store no longer says whose ${field} is. Nothing was changed: end it by hand (DELETE /v1/entitlements/user/<id>/override).`,
  );
}
