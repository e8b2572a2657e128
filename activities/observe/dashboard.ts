/** Where a person looks at a picture: it proves nothing by itself. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';

export function checkDashboard({ platform: { links } }: Deps, { dashboard }: { dashboard: string }): Finding {
  const link = links.dashboards?.[dashboard];
  if (link === undefined)
    return {
      verdict: 'unknown',
      evidence: `No dashboard ${dashboard} is configured: add it to links.dashboards of the platform description.`,
    };
  return { verdict: 'unknown', evidence: `${dashboard} must be read by a person (a picture is no measurement): ${link}`, link };
}
