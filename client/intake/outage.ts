/** Temporal is unreachable: alerts are answered 503, no incident opens, so the intake itself pages the first level. */

import { setTimeout as pause } from 'node:timers/promises';
import { connectAll, readConnections } from '../../activities/connectors/index.ts';
import { ConfigError, givenBy } from '../../activities/connectors/given.ts';
import { proxiesIn } from '../../activities/connectors/proxy.ts';
import type { Deps } from '../../activities/deps.ts';
import { oncallActivities } from '../../activities/oncall.ts';
import { endPages, readTaken } from '../../activities/paged.ts';
import { pagingSecrets } from '../../activities/paging-secrets.ts';
import { readOnCall } from '../../activities/people.ts';
import { readPlatform } from '../../activities/platform.ts';
import { rotaIn } from '../../activities/rota.ts';
import type { About } from '../../workflows/contract/index.ts';
import { artifactsFolder, type Environment, platformFile, rolesFile } from '../environment.ts';

export interface Outage {
  /** An alert could not be told: pages at most once an hour, under one deduplication key. */
  began: () => void;
  /** Temporal answers: the page ends once it has done so for five minutes. */
  ended: () => void;
}

const minute = 60_000;
const hour = 60 * minute;
/** Temporal must have answered for so long before the page ends. */
const steady = 5 * minute;

type Paging = Pick<Deps, 'platform' | 'systems' | 'now' | 'sleep' | 'rota'>;

/** Whoever waits for an answer does not wait for the pager. */
export function pagingOutage(given: Paging, say: (line: string) => void): Outage {
  const deps: Deps = { ...given, running: () => outsideTemporal };
  const incident = `temporal-unreachable:${deps.platform.cluster}`;
  const { page } = oncallActivities(deps);
  /** When Temporal last gave no answer, when a page was last taken, and when a page and an end were last tried. */
  const at: { away?: number; paged?: number; page?: number; end?: number } = {};
  let mayBePaged = true;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>) => {
    last = last.then(work).catch((error: unknown) => say(`Temporal is unreachable, and its page: ${String(error)}`));
  };
  async function pageOnce(now: number) {
    if (isWithin(hour, at.paged, now) || isWithin(minute, at.page, now)) return;
    [at.page, mayBePaged] = [now, true];
    // The hour is in the key: an intake that starts again in the same hour pages no second time.
    const call = { key: `${incident}/Temporal/${Math.floor(now / hour)}`, about: aboutOf(deps, incident, now) };
    const outcome = await page({ roles: ['primary'] }, call);
    if ('done' in outcome) at.paged = now;
    say(
      'done' in outcome ? `Temporal is unreachable. ${outcome.done.note}` : 'Temporal is unreachable, and no one can be paged.',
    );
  }
  async function endOnce(now: number) {
    if (!mayBePaged || isWithin(steady, at.away, now) || isWithin(minute, at.end, now)) return;
    at.end = now;
    if ((await readTaken(deps.systems.artifacts, { incident })).length > 0) {
      const text = 'Temporal answers again: alerts that still fire open their incidents.';
      const call = { key: `${incident}/Temporal/end`, about: aboutOf(deps, incident, now) };
      await endPages(deps, call, { summary: text, text, details: {} });
      say(text);
    }
    mayBePaged = false;
  }
  return {
    began() {
      const now = deps.now();
      at.away = now;
      inTurn(() => pageOnce(now));
    },
    ended() {
      const now = deps.now();
      if (mayBePaged) inTurn(() => endOnce(now));
    },
  };
}

const isWithin = (span: number, at: number | undefined, now: number) => at !== undefined && now - at < span;

const outsideTemporal = {
  workflowType: '',
  namespace: '',
  signal: new AbortController().signal,
  heartbeat: () => undefined,
};

const aboutOf = ({ platform }: Deps, incident: string, now: number): About => ({
  incident,
  runbook: 'Temporal is unreachable',
  severity: 'P1',
  summary: `alerts of ${platform.cluster} arrive, and no runbook can start: repair Temporal, and follow the written runbooks by hand`,
  fired: new Date(now).toISOString(),
  workflowId: '',
  isNotice: true,
});

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
