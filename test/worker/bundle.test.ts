// What the sandbox of every open incident is made of: kept small, because each incident holds its own copy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { connectAll } from '../../activities/connectors/index.ts';
import { byType, createActivities } from '../../activities/index.ts';
import { readPlatform } from '../../activities/platform.ts';
import { makeBundle, sharedModules } from '../../worker/bundle.ts';
import { activityNames } from '../../workflows/catalog/activities.ts';
import * as versioned from '../../worker/versioned-workflows.ts';
import { runbooks } from '../../workflows/catalog/index.ts';
import * as workflows from '../../workflows/index.ts';
import { activityTypes } from '../support/activity-types.ts';

const { code } = await makeBundle();

/** Paths of the bundled modules, as the bundler writes them above each. */
const modules = [...code.matchAll(/^\/\*\*\*\/ "([^"]+)":?$/gm)].map(([, path = '']) => path);

/** Packages in the bundle; ours is none of them. */
const packages = new Set(modules.flatMap(path => /^\.\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));

test('of packages the bundle holds Temporal’s own and what they need, nothing else: no zod, no Kubernetes client', () => {
  assert.deepEqual([...packages].toSorted(), ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc']);
});

test('the bundle takes from our house only workflow code', () => {
  const ours = modules.filter(path => path.startsWith('./') && !path.startsWith('./node_modules/'));
  assert.equal(ours.length > 20, true);
  assert.deepEqual(
    ours.filter(path => !path.startsWith('./workflows/')),
    [],
  );
});

test('the bundle asks for no module of Node', () => {
  const asked = [...code.matchAll(/\brequire\("(?:node:)?(\w[\w/]*)"\)|external "(?:node:)?(\w[\w/]*)"/g)];
  assert.deepEqual(
    asked.map(([text]) => text),
    [],
  );
  assert.deepEqual(
    modules.filter(path => /^(node:|fs|path|crypto|child_process|http)/.test(path)),
    [],
  );
});

test('the tolerant payload converter and the interceptor are in the bundle', () => {
  for (const path of ['./workflows/kit/incident/payloads.ts', './workflows/kit/incident/interceptors.ts'])
    assert.equal(modules.includes(path), true, path);
});

test('what all open incidents share remembers none of them', () => {
  const shared = sharedModules();
  assert.equal(shared.length > 20, true);
  const memory = /^(export )?(let|var) |^(export )?const \w+ = new (Map|Set|WeakMap|AsyncLocalStorage)\b/m;
  for (const path of shared) assert.doesNotMatch(readFileSync(path, 'utf8'), memory, path);
});

test('the bundle stays small', () => {
  const own = code.slice(0, code.indexOf('//# sourceMappingURL')).length;
  assert.equal(own < 1_350_000, true, `${own} characters`);
});

test('the table of activities has every activity type that a worker offers, and no other', async () => {
  const platform = await readPlatform('platform.json');
  const clock = { now: () => 0, sleep: async () => undefined };
  const systems = connectAll({ artifacts: { folder: tmpdir() } }, clock);
  const offered = byType(createActivities({ platform, systems, ...clock }));
  assert.deepEqual(Object.keys(offered).toSorted(), activityNames.toSorted());
});

test('the activities that histories name are still called so', () => {
  assert.deepEqual(
    activityTypes.filter(type => !activityNames.includes(type)),
    [],
  );
});

test('these are the workflows that histories name', () => {
  assert.deepEqual(Object.keys(workflows).toSorted(), [
    'acknowledgePages',
    'apiRateLimitExceeded',
    'authenticationFailures',
    'billingDrift',
    'delayedJobs',
    'dynexOutage',
    'dynexServiceOutage',
    'ipfsPinFailures',
    'logReview',
    'morningHealthCheck',
    'nextIncident',
    'notice',
    'p0CriticalIncidentResponse',
    'quantumApiKeyRotation',
    'quantumJobFailures',
    'quantumJobOptimization',
    'quantumWorkloadScaling',
    'quotaExhaustion',
    'takeBack',
    'watchdog',
    'weeklyMaintenanceWindow',
  ]);
});

test('on a worker with a version runbooks stay on the one that opened them, and everything else follows the current one', () => {
  const ofRunbooks = runbooks.flatMap(({ workflow }) => workflow ?? []);
  assert.deepEqual(Object.keys(versioned).toSorted(), Object.keys(workflows).toSorted());
  for (const [name, workflow] of Object.entries(versioned)) {
    const options = 'workflowDefinitionOptions' in workflow ? workflow.workflowDefinitionOptions : undefined;
    assert.deepEqual(options, ofRunbooks.includes(name) ? undefined : { versioningBehavior: 'AUTO_UPGRADE' }, name);
  }
});
