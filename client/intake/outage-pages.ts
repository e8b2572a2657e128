/** The pages of an outage of Temporal, outside of any incident: one for each level, and their end. */

import type { Deps } from '../../activities/deps.ts';
import { oncallActivities } from '../../activities/oncall.ts';
import { endPages, readTaken } from '../../activities/paged.ts';
import { urgencies } from '../../workflows/catalog/index.ts';
import type { About, Receipt } from '../../workflows/contract/index.ts';

const hour = 3_600_000;
/** Minutes and roles, as for every P1. */
export const levels = urgencies.P1.ladder;
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
