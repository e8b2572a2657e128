/** The pages of an outage of Temporal, outside of any incident: one for each level, and their end. */

import type { Deps } from '../../activities/deps.ts';
import { oncallActivities } from '../../activities/oncall.ts';
import { endPages, readTaken } from '../../activities/paged.ts';
import { urgencies } from '../../workflows/catalog/index.ts';
import type { About, Receipt } from '../../workflows/contract/index.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const isWithin = (span: number, at: number | undefined, now: number) => at !== undefined && now - at < span;

/** Minutes and roles, as for every P1. */
const levels = urgencies.P1.ladder;
const pages = levels.slice(1).map(({ roles }, index) => ({ again: index + 1, roles }));

export type Paging = Pick<Deps, 'platform' | 'systems' | 'now' | 'sleep' | 'rota'>;

export function outagePages(given: Paging, say: (line: string) => void) {
  const deps: Deps = { ...given, running: () => outsideTemporal };
  const incident = `temporal-unreachable:${deps.platform.cluster}`;
  const { page } = oncallActivities(deps);
  return {
    /** @returns nothing where no one was reached: that is said, and must not keep the next level waiting */
    async send(now: number, level: number, because: string): Promise<Receipt | undefined> {
      const roles = levels[level]?.roles ?? [];
      // The hour is in the key: an intake that starts again in the same hour pages no second time.
      const key = `${incident}/Temporal/${Math.floor(now / hour)}${level ? `-${level}` : ''}`;
      const further = level > 0 && ({ because, again: level, unlessAcknowledged: true } as const);
      try {
        const outcome = await page({ roles, ...further }, { key, about: aboutOf(deps, incident, now) });
        const receipt = 'done' in outcome ? outcome.done : undefined;
        say(`Temporal is unreachable${receipt ? `. ${receipt.note}` : `, and no one can be paged as ${roles.join(', ')}.`}`);
        return receipt;
      } catch (error) {
        say(`Temporal is unreachable, and its page to ${roles.join(', ')}: ${String(error)}`);
        return undefined;
      }
    },
    /** Throws where a pager does not take the end. */
    async end(now: number, text: string): Promise<void> {
      const sent = [undefined, ...pages].map(one => readTaken(deps.systems.artifacts, { incident, again: one?.again }));
      if ((await Promise.all(sent)).flat().length === 0) return;
      const call = { key: `${incident}/Temporal/end`, about: { ...aboutOf(deps, incident, now), pages } };
      await endPages(deps, call, { summary: text, text, details: {} });
      say(text);
    },
  };
}

/** One level at a time: the first once an hour, each further one once; what is not taken is tried again, and the next with it. */
export function escalationOf({ send }: Pick<ReturnType<typeof outagePages>, 'send'>) {
  /** The first try of this outage, and when the first level was last paged. */
  const at: { first?: number | undefined; paged?: number } = {};
  /** Further levels that were paged, or need no page. */
  const done = new Set<number>();
  function keep(level: number, now: number, { acknowledgedBy }: Receipt) {
    if (level === 0) at.paged = now;
    for (const one of acknowledgedBy === undefined ? [level] : levels.keys()) done.add(one);
  }
  return {
    async page(now: number) {
      at.first ??= now;
      let missed: string | undefined;
      for (const [level, { after, roles }] of levels.entries()) {
        if (level === 0 ? isWithin(hour, at.paged, now) : done.has(level)) {
          missed = undefined;
          continue;
        }
        if (missed === undefined && isWithin(after * minute, at.first, now)) return;
        const sent = await send(now, level, missed ?? 'no one has acknowledged');
        if (sent) return keep(level, now, sent);
        missed = `no one is reached as ${roles.join(', ')}`;
      }
    },
    /** The next outage has its own minutes. */
    forget() {
      at.first = undefined;
      done.clear();
    },
  };
}

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
