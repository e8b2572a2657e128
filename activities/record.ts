/** The record of an incident outlives Temporal's retention. */

import type { Report } from '../workflows/contract/index.ts';
import { canonical } from './canonical.ts';
import type { Deps } from './deps.ts';
import { crossing } from './failures.ts';

export const recordActivities = ({ systems: { artifacts } }: Deps) => ({
  /** Twice equals once: a report lies under its own digest. `reports/<incident>` names the newest. */
  saveReport: crossing(async ({ report }: { report: Report }): Promise<{ digest: string }> => {
    const digest = await artifacts.save(canonical(report));
    const name = report.incident.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
    await artifacts.write(`reports/${name}`, digest);
    return { digest };
  }),
});
