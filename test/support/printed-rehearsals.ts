/** `node test/support/printed-rehearsals.ts <runbook> <scenario>…`: each as `runbooks rehearse` prints it, for people and for programs. */

import { nobody } from '../../activities/people.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { asData, asText } from '../../worker/rehearsal/printed.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { nqba } from './nqba.ts';

const [slug = '', ...files] = process.argv.slice(2);
const reach = { platform: await nqba(), onCall: nobody };
const sandbox = await Sandbox.load((await workflowBundle()).code, []);
for (const file of files) {
  const scenario = scenarioIn(file, writtenRunbook(slug), reach.platform);
  const rehearsed = await rehearseAll(sandbox, scenario.setting);
  for (const print of [asText, asData]) process.stdout.write(`${print(scenario, rehearsed, reach)}\n`);
}
