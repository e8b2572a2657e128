/** Data that outlives an incident: its record, and that the symptom of its alert was not confirmed. */

import { z } from 'zod';
import type { Report } from '../workflows/contract/index.ts';
import { canonical } from './canonical.ts';
import type { Deps } from './deps.ts';
import { sha256 } from './connectors/artifacts.ts';
import { crossing } from './failures.ts';
import { kept, keptIn } from './kept.ts';

/** An alert of a runbook that showed nowhere. */
export interface Unseen {
  runbook: string;
  fingerprint: string;
  /** Id of the incident that it opened. */
  incident: string;
}

/** How often the alert showed nowhere within a day, this time included; and whether another of the runbook came within the hour. */
export interface UnseenBefore {
  times: number;
  second: boolean;
}

const hour = 3_600_000;
const unseenBefore = z.object({ fingerprint: z.string(), incident: z.string(), at: z.number() });

export const recordActivities = ({ systems: { artifacts }, now }: Deps) => ({
  /** Twice equals once: a report lies under its own digest. `reports/<incident>` names the newest. */
  saveReport: crossing(async ({ report }: { report: Report }): Promise<{ digest: string }> => {
    const digest = await artifacts.save(canonical(report));
    const name = report.incident.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
    await artifacts.write(`reports/${name}`, digest);
    return { digest };
  }),

  /** Remembers it for a day. Twice equals once: an incident counts once. */
  noteUnseen: crossing(async ({ runbook, fingerprint, incident }: Unseen): Promise<UnseenBefore> => {
    const folder = `unseen-alerts/${runbook}`;
    const nameOf = (id: string) => `${folder}/${sha256(id)}`;
    const at = (await kept(artifacts, nameOf(incident), unseenBefore))?.at ?? now();
    await artifacts.write(nameOf(incident), JSON.stringify({ fingerprint, incident, at }));
    const known = (await keptIn(artifacts, folder, unseenBefore)).filter(one => one.incident !== incident);
    const others = known.filter(one => one.at > now() - 24 * hour);
    for (const old of known) if (!others.includes(old)) await artifacts.remove(nameOf(old.incident));
    return {
      times: others.filter(one => one.fingerprint === fingerprint).length + 1,
      second: others.some(one => one.fingerprint !== fingerprint && one.at > now() - hour),
    };
  }),
});
