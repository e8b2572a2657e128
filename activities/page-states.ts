/** The states of accepted pages: an accepted page may reach no one, and one may be acknowledged where it was sent. */

import type { PageState } from './connectors/pager.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { dedupKeyOf, pagesBefore, readTaken, type WhichPage } from './paged.ts';
import type { Way } from './reaching.ts';
import { unread } from './unread.ts';

/** Milliseconds in which a page that was accepted just now is looked for, and between two looks: its incident is made a moment later. */
const looks = { for: 2_000, apart: 1_000 };

const nowhere =
  'accepted, not confirmed: PagerDuty has no incident of it. Check its maintenance windows, event orchestration and alert grouping';

/** A sentence about what the page came to, where that can be asked. */
export async function confirmed(deps: Deps, page: WhichPage, ways: Way[]): Promise<string> {
  const asked = ways.flatMap(way => deps.systems[way.by]?.stateOf?.bind(undefined, dedupKeyOf(page, way)) ?? []);
  const states = await Promise.all(asked.map(look => known(() => untilThere(deps, look))));
  const [first] = states.filter(state => state !== 'there').toSorted();
  if (first === undefined && states.length > 0) return 'Triggered in PagerDuty; not yet read by anyone.';
  return first === undefined ? unread.text : sentence(first);
}

/** Of a page that is not asked about, as the pager did not answer a moment ago. */
export const unconfirmed = (fault: SystemError): string => sentence(unknown(fault.message));

const sentence = (state: string) => `${state.charAt(0).toUpperCase()}${state.slice(1)}.`;

async function untilThere({ sleep, now }: Deps, look: () => Promise<PageState | undefined>): Promise<string> {
  for (const began = now(); ; ) {
    if (await look()) return 'there';
    if (now() - began >= looks.for) return nowhere;
    await sleep(looks.apart);
  }
}

/** A pager that does not answer keeps no one from being woken. */
async function known(look: () => Promise<string>): Promise<string> {
  try {
    return await look();
  } catch (error) {
    return unknown(faultIn(error).message);
  }
}

const unknown = (fault: string) => `accepted; what became of it is not known: ${fault}`;

export interface Before {
  /** The person who has acknowledged one of them. */
  acknowledgedBy?: string | undefined;
  /** A sentence, where some came to nothing or cannot be asked. */
  note?: string | undefined;
  /** It did not answer: another question would wait in vain, too. */
  unreachable?: SystemError | undefined;
}

/** The pages of the incident before this one. */
export async function statesBefore(deps: Deps, page: WhichPage): Promise<Before> {
  const { artifacts } = deps.systems;
  const each = pagesBefore(page).map(async before => {
    const ways = await readTaken(artifacts, before).catch(() => []);
    return ways.flatMap(way => {
      const stateOf = deps.systems[way.by]?.stateOf;
      return stateOf ? [[dedupKeyOf(before, way), stateOf] as const] : [];
    });
  });
  const asked = new Map((await Promise.all(each)).flat());
  const states = await Promise.allSettled([...asked].map(([key, stateOf]) => stateOf(key)));
  const answers = states.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
  const [by] = answers.flatMap(state => state?.acknowledgedBy ?? []);
  const faults = states.flatMap(one => (one.status === 'rejected' ? [faultIn(one.reason)] : []));
  const [fault] = faults;
  const note = answers.includes(undefined)
    ? `An earlier page was ${nowhere}.`
    : fault && `What became of earlier pages is not known: ${fault.message}.`;
  return { acknowledgedBy: by, note, unreachable: faults.find(one => one.fault === 'unreachable') };
}

function faultIn(error: unknown): SystemError {
  if (error instanceof SystemError) return error;
  throw error;
}
