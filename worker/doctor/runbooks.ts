/** The runbooks: which of them this platform has all that they need for, and what the others lack. */

import type { Platform } from '../../activities/platform.ts';
import { isWritten, notAvailable, runbooks } from '../../workflows/catalog/index.ts';
import { undescribed, undescribedText } from '../../activities/own-runbooks/described.ts';
import { fault, fine, type Line, warning } from './line.ts';

const check = 'Runbooks';

/** @param own folder with runbooks of one's own, which have joined the catalog */
export function runbookLines(platform: Platform, own?: string): Line[] {
  const written = runbooks.filter(isWritten);
  const available = written.filter(runbook => notAvailable(runbook, platform) === undefined);
  const lacking = runbooks.flatMap(runbook => notAvailable(runbook, platform) ?? []);
  const names = available.map(({ title }) => title).join(', ') || 'none';
  return [
    fine(check, `available: ${names}.`),
    ...lacking.map(text => warning(check, `${text}.`)),
    ...available.flatMap(runbook =>
      undescribed(platform, runbook, own).map(one =>
        fault(
          check,
          `${runbook.title}: ${undescribedText(platform, one)}.`,
          one.kind === 'activity' ? 'Correct the runbook.' : `Describe the ${one.kind} ${one.name}, or correct the runbook.`,
        ),
      ),
    ),
  ];
}
