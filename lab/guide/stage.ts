// What every scene is given: the practice platform, the incident that is followed, and someone to tell.
import type { Temporal } from '../../client/temporal.ts';
import type { Practice } from '../practice/start.ts';
import type { Asker } from './answering.ts';
import { Following } from './following.ts';
import type { Say } from './telling.ts';
import { incidentInUi } from './temporal-ui.ts';

/** Before there is an incident. */
export interface Walking {
  practice: Practice;
  temporal: Temporal;
  since: Date;
  say: Say;
  yes: boolean;
}

export interface Stage extends Asker {
  practice: Practice;
  since: Date;
}

/** What `--scenario` chooses from. */
export interface Scenario {
  name: string;
  /** Whether its rehearsal can be told while something is built. */
  isRehearsed: boolean;
  /** File that lists by hand what must have been written, and what must have been said if it says so. */
  expected: string;
  /** Whose writes count. */
  users: readonly string[];
  walk: (walking: Walking) => Promise<void>;
}

/** @param incident its short name */
export async function stageOf({ practice, temporal, since, say, yes }: Walking, incident: string): Promise<Stage> {
  const following = new Following(temporal, incident);
  const { workflowId } = await following.incident();
  return { practice, since, say, yes, following, workflowId, temporalUi: incidentInUi(practice.environment, workflowId) };
}
