/** Temporal is unreachable: alerts are answered 503, no incident opens, so the intake itself pages, level by level. */

import { setTimeout as pause } from 'node:timers/promises';
import { connectAll, readConnections } from '../../activities/connectors/index.ts';
import { ConfigError, givenBy } from '../../activities/connectors/given.ts';
import { proxiesIn } from '../../activities/connectors/proxy.ts';
import type { Deps } from '../../activities/deps.ts';
import { oncallActivities, type PageInput } from '../../activities/oncall.ts';
import { endPages, readTaken } from '../../activities/paged.ts';
import { pagingSecrets } from '../../activities/paging-secrets.ts';
import { readOnCall } from '../../activities/people.ts';
import { readPlatform } from '../../activities/platform.ts';
import { rotaIn } from '../../activities/rota.ts';
import { urgencies } from '../../workflows/catalog/index.ts';
import type { About, Receipt } from '../../workflows/contract/index.ts';
import { artifactsFolder, type Environment, platformFile, rolesFile } from '../environment.ts';

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
/** Minutes and roles, as for every P1. */
const levels = urgencies.P1.ladder;
const pages = levels.slice(1).map(({ roles }, index) => ({ again: index + 1, roles }));

type Paging = Pick<Deps, 'platform' | 'systems' | 'now' | 'sleep' | 'rota'>;

/** Whoever waits for an answer does not wait for the pager. */
export function pagingOutage(given: Paging, say: (line: string) => void): Outage {
  const deps: Deps = { ...given, running: () => outsideTemporal };
  const incident = `temporal-unreachable:${deps.platform.cluster}`;
  const { page } = oncallActivities(deps);
  /** When Temporal last gave no answer, the first level was last paged, and pages and an end were last tried; `first`: the first try of this outage. */
  const at: { away?: number; paged?: number; page?: number; end?: number; first?: number | undefined } = {};
  let [mayBePaged, rung] = [true, 0];
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>) => {
    last = last.then(work).catch((error: unknown) => say(`Temporal is unreachable, and its page: ${String(error)}`));
  };
  async function send(now: number, input: PageInput): Promise<Receipt | undefined> {
    // The hour is in the key: an intake that starts again in the same hour pages no second time.
    const key = `${incident}/Temporal/${Math.floor(now / hour)}${input.again ? `-${input.again}` : ''}`;
    const outcome = await page(input, { key, about: aboutOf(deps, incident, now) });
    const receipt = 'done' in outcome ? outcome.done : undefined;
    say(`Temporal is unreachable${receipt ? `. ${receipt.note}` : `, and no one can be paged as ${input.roles.join(', ')}.`}`);
    return receipt;
  }
  /** The first level once an hour, and one further level at a time while no one has acknowledged. */
  async function pageDue(now: number) {
    if (isWithin(minute, at.page, now)) return;
    [at.page, mayBePaged] = [now, true];
    at.first ??= now;
    if (!isWithin(hour, at.paged, now) && (await send(now, { roles: levels[0]?.roles ?? [] }))) {
      at.paged = now;
      return;
    }
    const next = levels[rung + 1];
    if (!next || isWithin(next.after * minute, at.first, now)) return;
    const again = rung + 1;
    const sent = await send(now, { roles: next.roles, because: 'no one has acknowledged', again, unlessAcknowledged: true });
    rung = sent?.acknowledgedBy === undefined ? again : levels.length;
  }
  async function endOnce(now: number) {
    if (!mayBePaged || isWithin(steady, at.away, now) || isWithin(minute, at.end, now)) return;
    at.end = now;
    const taken = await Promise.all(
      [undefined, ...pages].map(sent => readTaken(deps.systems.artifacts, { incident, again: sent?.again })),
    );
    if (taken.flat().length > 0) {
      const text = 'Temporal answers again: alerts that still fire open their incidents.';
      const call = { key: `${incident}/Temporal/end`, about: { ...aboutOf(deps, incident, now), pages } };
      await endPages(deps, call, { summary: text, text, details: {} });
      say(text);
    }
    [mayBePaged, rung, at.first] = [false, 0, undefined];
  }
  return {
    began() {
      const now = deps.now();
      at.away = now;
      inTurn(() => pageDue(now));
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
