/** The titles that a rehearsal knows: those that its runbook may come to, also where a detail is computed or a part is shared. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { titlesIn } from '../../../worker/rehearsal/titles.ts';

const root = join(import.meta.dirname, '../../..');
const scenarios = join(root, 'worker/rehearsal/scenarios');
const titlesOf = (slug: string) => titlesIn(join(root, `workflows/runbooks/${slug}.ts`));

test('every answer of a scenario that is shipped is of a title that its runbook may come to', () => {
  const unknown = globSync('**/*.json', { cwd: scenarios }).flatMap(file => {
    const slug = file.split('/')[0]?.replace('.json', '') ?? '';
    const { knows } = titlesOf(slug);
    const answers = scenarioIn(join(scenarios, file), writtenRunbook(slug)).unused();
    // What clears the way of a step is named by its activity, and has the title of the step behind it.
    const isKnown = (title: string) => knows(title) || knows(title.replace(/^Give back a replica: /, ''));
    return answers.filter(title => !isKnown(title)).map(title => `${file}: ${title}`);
  });
  assert.deepEqual(unknown, []);
});

test('a computed detail may be any, a shared part belongs to each runbook that imports it, and a slip is none', () => {
  const billing = titlesOf('billing-drift');
  assert.deepEqual([billing.knows('Pause Billing: again at 5%'), billing.knows('Pause Biling: again at 5%')], [true, false]);
  const service = titlesOf('dynex-service-outage');
  assert.deepEqual(
    [service.knows('Verify Quantum Jobs Resume'), service.knows('Reduce retry rate to save resources')],
    [true, false],
  );
});
