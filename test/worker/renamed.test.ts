/** The same platform under other names: every rehearsal ends as it does under the names that are shipped. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { before, test } from 'node:test';
import { parsePlatform, type Platform, quantumWorkloads, stagesOf } from '../../activities/platform.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { type Rehearsed, rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { asData } from '../../worker/rehearsal/printed.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { type Scenario, scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { runbookLines } from '../../worker/doctor/runbooks.ts';
import { notAvailable } from '../../workflows/catalog/index.ts';
import { nqba } from '../support/nqba.ts';

/** Words that the schema knows, and what is no name. */
const kept =
  /^(Deployment|StatefulSet|DaemonSet|none|restart|runtime|UTC|https?:.*|\.\/.*|ingress|api|ask|never|usd|db\..*|\/.*|[\d.]+(\/\d+)?|\d{4}-\d\d-\d\d.*)$/;
/** Names that the rest of the description refers to by the key under which they stand. */
const referring = ['namespace', 'configMap', 'workload'];

function other(text: string): string {
  if (text.startsWith('#')) return `#x-${text.slice(1)}`;
  return text.includes('@') ? `x-${text}` : `X_${text.toUpperCase().replace(/\W/g, '_')}`;
}

/** Every value of a text, also of lists; keys are the words of runbooks. */
function renamed(value: unknown, field = ''): unknown {
  if (typeof value === 'string') return kept.test(value) || referring.includes(field) ? value : other(value);
  if (Array.isArray(value)) return field === 'workloads' ? value : value.map(one => renamed(one, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamed(inner, name)]));
}

let sandbox: Sandbox;
let [ours, theirs]: Platform[] = [];
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
  ours = await nqba();
  theirs = parsePlatform(renamed(ours));
});

const onCall = { people: {}, roles: {} };

/** What people would read, but for the places that messages go to; scenarios may name the cluster themselves. */
function told(scenario: Scenario, rehearsed: Rehearsed, platform: Platform): string {
  const text = asData(scenario, rehearsed, { platform, onCall });
  return text
    .replaceAll(/"way": .*/g, '')
    .replaceAll(platform.cluster, 'here')
    .replaceAll(ours?.cluster ?? '', 'here');
}

test('not one name is left', () => {
  assert.ok(ours && theirs);
  const names = ({ cluster, namespaces, workloads, configMaps, hold, channels }: Platform) => [
    cluster,
    namespaces,
    Object.values(workloads).map(({ name }) => name),
    configMaps['quantum']?.name,
    hold.name,
    channels,
  ];
  for (const [index, name] of names(theirs).entries()) assert.notDeepEqual(name, names(ours)[index]);
  assert.deepEqual(
    quantumWorkloads(theirs).map(({ role }) => role),
    quantumWorkloads(ours).map(({ role }) => role),
  );
  assert.deepEqual(stagesOf(theirs.quantum), stagesOf(ours.quantum));
  assert.deepEqual(runbookLines(theirs), runbookLines(ours));
});

const scenarios = globSync('worker/rehearsal/scenarios/**/*.json').map(file => ({ file, slug: file.split('/')[3] ?? '' }));

for (const { file, slug } of scenarios)
  test(`${file} ends as it does under the names that are shipped`, async () => {
    assert.ok(ours && theirs);
    const runbook = writtenRunbook(slug.replace(/\.json$/, ''));
    assert.equal(notAvailable(runbook, theirs), undefined);
    const [first, second] = await Promise.all(
      [ours, theirs].map(async platform => {
        const scenario = scenarioIn(file, runbook, platform);
        return told(scenario, await rehearseAll(sandbox, scenario.setting), platform);
      }),
    );
    assert.equal(second, first);
  });
