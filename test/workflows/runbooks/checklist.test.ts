// Every incident runbook, played to its end: the sixteen written lines stand in its report, ticked from the record or asked of people.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { askedOfPeople, checklistLines } from '../../../client/cli/checklist.ts';
import { workflowBundle } from '../../../worker/bundle.ts';
import { effectsOf } from '../../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { runbooks } from '../../../workflows/catalog/index.ts';
import { checklist } from '../../../workflows/catalog/checklist.ts';
import { nqba } from '../../support/nqba.ts';

const written = Object.values(checklist).flat();
/** No record shows them, whatever happened: people are asked each time. */
const peoples = written.slice(written.indexOf('Conduct post-mortem'));

let sandbox: Sandbox;
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
});

for (const { slug } of runbooks.filter(({ kind }) => kind === 'incident'))
  test(`${slug}: each line of the checklist is ticked with its evidence, or asked`, async () => {
    const { setting } = scenarioIn(`worker/rehearsal/scenarios/${slug}.json`, writtenRunbook(slug));
    const [rehearsed] = (await rehearseAll(sandbox, setting)).incidents;
    assert.ok(rehearsed);
    const { report } = effectsOf(rehearsed, { platform: await nqba(), onCall: { people: {}, roles: {} } });
    const lines = checklistLines(report).filter(line => line.startsWith('- ['));
    const asked = askedOfPeople(report);
    assert.equal(written.length, 16);
    assert.deepEqual(
      written.map(text => lines.filter(line => line.slice(6).startsWith(text)).length),
      written.map(() => 1),
    );
    for (const line of lines) assert.match(line, /^- \[x\] [^:]+: .+ ?\S|^- \[ \] .+ \(open item, see below\)$/);
    assert.equal(lines.filter(line => line.startsWith('- [ ]')).length, asked.length);
    for (const text of peoples)
      assert.ok(
        asked.some(line => line.startsWith(`- ${text}: `)),
        text,
      );
    const ticked = (text: string) => lines.some(line => line.startsWith(`- [x] ${text}: `));
    for (const text of ['Declare incident with appropriate severity', 'Begin investigation', 'Verify resolution'])
      assert.ok(ticked(text), text);
  });
