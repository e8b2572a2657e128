/** Temporal is unreachable: alerts are answered 503, no incident opens, so the intake itself pages, level by level. */

import { setTimeout as pause } from 'node:timers/promises';
import { connectAll, readConnections } from '../../activities/connectors/index.ts';
import { ConfigError, givenBy } from '../../activities/connectors/given.ts';
import { proxiesIn } from '../../activities/connectors/proxy.ts';
import { pagingSecrets } from '../../activities/paging-secrets.ts';
import { readOnCall } from '../../activities/people.ts';
import { readPlatform } from '../../activities/platform.ts';
import { rotaIn } from '../../activities/rota.ts';
import { artifactsFolder, type Environment, platformFile, rolesFile } from '../environment.ts';
import { escalationOf, hour, isWithin, minute, outagePages, type Paging } from './outage-pages.ts';

export interface Outage {
  /** An alert could not be told: pages the first level at most once an hour, and each further level once while no one acknowledges. */
  began: () => void;
  /** Temporal answers: the page ends once it has done so for five minutes. */
  ended: () => void;
  /** Asks Temporal, so that the page ends without a further alert. */
  look: () => Promise<void>;
}

/** Temporal must have answered for so long before the page ends. */
const steady = 5 * minute;

/** Whoever waits for an answer does not wait for the pager. */
export function pagingOutage(given: Paging, say: (line: string) => void, ready: () => Promise<void>): Outage {
  const { now: clock } = given;
  const pages = outagePages(given, say);
  const escalation = escalationOf(pages);
  /** When Temporal last gave no answer, and pages and an end were last tried. */
  const at: { away?: number; page?: number; end?: number } = {};
  let mayBePaged = true;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>) => {
    last = last.then(work).catch((error: unknown) => say(`Temporal is unreachable, and its page: ${String(error)}`));
  };
  async function pageDue(now: number) {
    if (isWithin(minute, at.page, now)) return;
    [at.page, mayBePaged] = [now, true];
    await escalation.page(now);
  }
  async function endOnce(now: number) {
    if (!mayBePaged || isWithin(steady, at.away, now) || isWithin(minute, at.end, now)) return;
    at.end = now;
    await pages.end(now, 'Temporal answers again: alerts that still fire open their incidents.');
    forget();
  }
  function forget() {
    mayBePaged = false;
    escalation.forget();
  }
  /** The page of an outage before has the same key: left open, whoever acknowledged it would have this one too. */
  async function endFormer(now: number) {
    forget();
    await pages.end(now, 'An earlier outage of Temporal is over; another has begun.');
  }
  function began() {
    const now = clock();
    if (at.away !== undefined && !isWithin(hour, at.away, now)) inTurn(() => endFormer(now));
    at.away = now;
    inTurn(() => pageDue(now));
  }
  function ended() {
    const now = clock();
    if (mayBePaged) inTurn(() => endOnce(now));
  }
  async function look() {
    if (!mayBePaged) return;
    await ready().then(ended, () => {
      at.away = clock();
    });
    await last;
  }
  return { began, ended, look };
}

/** With the ways to page of the environment; nothing, and a line in the log, where they are not whole. */
export async function outageIn(
  environment: Environment,
  say: (line: string) => void,
  ready: () => Promise<void>,
): Promise<Outage | undefined> {
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
    const outage = pagingOutage({ platform, systems, rota: rotaIn(rolesFile(environment), onCall), ...clock }, say, ready);
    setInterval(() => void outage.look(), minute).unref();
    return outage;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const because = error instanceof ConfigError ? error.message.replaceAll('\n', '; ') : error.message;
    say(`while Temporal is unreachable no one is paged from here: ${because}`);
    return undefined;
  }
}
