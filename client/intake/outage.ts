/** Temporal is unreachable: alerts are answered 503, no incident opens, so the intake itself pages, level by level. */

import { setTimeout as pause } from 'node:timers/promises';
import { connectAll, readConnections } from '../../activities/connectors/index.ts';
import { ConfigError, givenBy } from '../../activities/connectors/given.ts';
import { proxiesIn } from '../../activities/connectors/proxy.ts';
import { pagingSecrets } from '../../activities/paging-secrets.ts';
import { readOnCall } from '../../activities/people.ts';
import { readPlatform } from '../../activities/platform.ts';
import { rotaIn } from '../../activities/rota.ts';
import type { Receipt } from '../../workflows/contract/index.ts';
import { artifactsFolder, type Environment, platformFile, rolesFile } from '../environment.ts';
import { levels, outagePages, type Paging } from './outage-pages.ts';

export interface Outage {
  /** An alert could not be told: pages the first level at most once an hour, and each further level once while no one acknowledges. */
  began: () => void;
  /** Temporal answers: the page ends once it has done so for five minutes. */
  ended: () => void;
}

const minute = 60_000;
const hour = 60 * minute;
/** Temporal must have answered for so long before the page ends. */
const steady = 5 * minute;

/** Whoever waits for an answer does not wait for the pager. */
export function pagingOutage(given: Paging, say: (line: string) => void): Outage {
  const { now: clock } = given;
  const pages = outagePages(given, say);
  /** When Temporal last gave no answer, the first level was last paged, and pages and an end were last tried; `first`: the first try of this outage. */
  const at: { away?: number; paged?: number; page?: number; end?: number; first?: number | undefined } = {};
  /** Further levels that were paged, or need no page. */
  const done = new Set<number>();
  let mayBePaged = true;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>) => {
    last = last.then(work).catch((error: unknown) => say(`Temporal is unreachable, and its page: ${String(error)}`));
  };
  /** One level at a time: the first once an hour, each further one once; what is not taken is tried again, and the next with it. */
  async function pageDue(now: number) {
    if (isWithin(minute, at.page, now)) return;
    [at.page, mayBePaged] = [now, true];
    at.first ??= now;
    let missed: string | undefined;
    for (const [level, { after, roles }] of levels.entries()) {
      if (level === 0 ? isWithin(hour, at.paged, now) : done.has(level)) {
        missed = undefined;
        continue;
      }
      if (missed === undefined && isWithin(after * minute, at.first, now)) return;
      const sent = await pages.send(now, level, missed ?? 'no one has acknowledged');
      if (sent) return keep(level, now, sent);
      missed = `no one is reached as ${roles.join(', ')}`;
    }
  }
  function keep(level: number, now: number, { acknowledgedBy }: Receipt) {
    if (level === 0) at.paged = now;
    for (const one of acknowledgedBy === undefined ? [level] : levels.keys()) done.add(one);
  }
  async function endOnce(now: number) {
    if (!mayBePaged || isWithin(steady, at.away, now) || isWithin(minute, at.end, now)) return;
    at.end = now;
    await pages.end(now, 'Temporal answers again: alerts that still fire open their incidents.');
    [mayBePaged, at.first] = [false, undefined];
    done.clear();
  }
  return {
    began() {
      const now = clock();
      at.away = now;
      inTurn(() => pageDue(now));
    },
    ended() {
      const now = clock();
      if (mayBePaged) inTurn(() => endOnce(now));
    },
  };
}

const isWithin = (span: number, at: number | undefined, now: number) => at !== undefined && now - at < span;

/** With the ways to page of the environment; nothing, and a line in the log, where they are not whole. */
export async function outageIn(environment: Environment, say: (line: string) => void): Promise<Outage | undefined> {
  try {
    const platform = await readPlatform(platformFile(environment));
    const onCall = await readOnCall(rolesFile(environment));
    const variables = Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim()));
    const artifacts = { folder: artifactsFolder(environment) };
    const { connections } = readConnections(givenBy(variables, pagingSecrets(platform, onCall)), artifacts);
    const { pagerduty, webhook, mail } = connections;
    const clock = {
      now: Date.now,
      sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, { ...(signal && { signal }) }),
    };
    const systems = connectAll({ artifacts, pagerduty, webhook, mail, proxies: proxiesIn(variables) }, clock);
    return pagingOutage({ platform, systems, rota: rotaIn(rolesFile(environment), onCall), ...clock }, say);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const because = error instanceof ConfigError ? error.message.replaceAll('\n', '; ') : error.message;
    say(`while Temporal is unreachable no one is paged from here: ${because}`);
    return undefined;
  }
}
