/** A folder of trial runbooks, one for each incident of the storm: only an alert of their own opens them. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const trialAlert = (number: number) => `Trial${number}`;

export function writeTrials(folder: string, count: number) {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= count; number += 1) {
    const title = `Trial ${number}`;
    const entry = {
      title,
      severity: 'P2',
      owner: 'platform',
      alerts: [trialAlert(number)],
      breaks: 'nothing',
      recovery: { check: 'probe', input: { url: 'api' } },
    };
    writeFileSync(join(folder, `trial-${number}.catalog.json`), JSON.stringify(entry));
    writeFileSync(join(folder, `trial-${number}.ts`), codeOf(title, number));
  }
}

const codeOf = (title: string, number: number) => `import { runbook } from 'nqba-runbooks/kit';

export const trial${number} = runbook('${title}', async ({ phase, step }) => {
  await phase('Immediate Response', () => step('Declare Incident').comms.declareIncident({ title: '${title}' }));
});
`;
