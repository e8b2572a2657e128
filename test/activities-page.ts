/** docs/activities.md, made from the table of shipped activities. */

import { writeFileSync } from 'node:fs';
import { shownActivities } from '../client/cli/activities.ts';

export const page = new URL('../docs/activities.md', import.meta.url).pathname;
export const rewrite = 'node --disable-warning=ExperimentalWarning test/activities-page.ts';

const cell = (text: string) => text.replaceAll('|', String.raw`\|`);

export function activitiesPage(): string {
  const all = shownActivities();
  const sections = (['check', 'action', 'message'] as const).flatMap(kind => {
    const head = kind === 'check' ? ['activity', 'does', 'input'] : ['activity', 'does', 'input', 'asks people', 'undo'];
    const rows = all
      .filter(({ is }) => is === kind)
      .map(({ name, does, input, asks = 'no', undo = 'none' }) => {
        const fields = Object.entries(input).map(([field, says]) => `\`${field}\`: ${says}`);
        return [`\`${name}\``, does, fields.join('<br>'), ...(kind === 'check' ? [] : [asks, undo])];
      });
    const lines = [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`);
    return [`## ${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`, '', ...lines, ''];
  });
  return [
    '# Activities that a runbook may call',
    '',
    'Made from the table in `workflows/catalog/shipped.ts`; `runbooks activities` prints the same. A check never throws for a faulty',
    'world, and too little data is *unknown*. An action is planned, held, recorded and measured; a hold, or a cluster that is not armed,',
    `always asks. Rewrite this page: \`${rewrite}\``,
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

if (import.meta.main) writeFileSync(page, activitiesPage());
