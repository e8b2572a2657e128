/** Saved manifests are proved on a real API server: they restore what was there, hold no secret, and say so where they would not. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { after, afterEach, before } from 'node:test';
import { readinessOf } from '../../workflows/runbooks/weekly-maintenance-window/readiness.ts';
import { at, kubectl, type Stage, stage } from '../activities/stage.ts';
import { eventually } from '../support/eventually.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const lab = () => kubectl(on.cluster.kubeconfigs.lab, 'lab');
const secret = 'dnx_practice_4f1c9a7e2b6d8035';
const apart = '/apis/admissionregistration.k8s.io/v1';
const healthy = { verdict: 'healthy', evidence: 'All is well.' } as const;
const others = {
  'Verify backup completion': healthy,
  'Check system health: pods': healthy,
  'Check system health: nodes': healthy,
  'Check quantum job queue': healthy,
};

/** As the API server has logged what our worker tried. */
async function triedBy(user: string): Promise<string[]> {
  const log = await readFile(on.cluster.auditLog, 'utf8');
  return log
    .split('\n')
    .filter(line => line.includes(`"username":"${user}"`) && line.includes('"stage":"ResponseComplete"'))
    .flatMap(line => /"requestURI":"([^"]*dryRun=All[^"]*)"/.exec(line)?.[1] ?? []);
}

test('saved manifests restore what someone changes afterwards, to no difference, and hold no secret', async () => {
  const { kubernetes } = on.worker();
  const env = [{ name: 'BACKUP_API_KEY', value: secret }];
  await on.bob.patch(at.batch, { spec: { template: { spec: { containers: [{ name: 'worker', env }] } } } });
  const { verdict, evidence, facts } = await kubernetes.saveManifests({});
  assert.equal(verdict, 'healthy', evidence);
  assert.match(evidence, /A server-side dry run restores it without a difference\. \d+ values that look like secrets are hidden/);
  const body = (await on.artifacts('artifacts').load(facts?.digest ?? '')) ?? '';
  assert.ok(body.includes('nqba-worker-batch') && !body.includes(secret));
  assert.deepEqual(await on.writes(), [], 'nothing was written');
  await eventually(async () => assert.equal((await triedBy('nqba-runbooks')).length, 5, 'three Deployments, two autoscalers'));

  await on.bob.patch(at.api, { metadata: { labels: { changed: 'yes' } }, spec: { progressDeadlineSeconds: 700 } });
  await on.bob.patch(at.floor, { spec: { maxReplicas: 13 } });
  const changed = await kubernetes.compareManifests({ with: facts?.digest ?? '' });
  assert.equal(changed.verdict, 'faulty', changed.evidence);
  const saved: { items: { kind: string; metadata: { name: string } }[] } = JSON.parse(body);
  const itemOf = (kind: string, name: string) =>
    saved.items.find(one => one.kind === kind && one.metadata.name === name) ?? assert.fail(name);
  await on.bob.patch(at.api, itemOf('Deployment', 'nqba-api'));
  await on.bob.patch(at.floor, itemOf('HorizontalPodAutoscaler', 'nqba-worker'));
  const { evidence: left } = await kubernetes.compareManifests({ with: facts?.digest ?? '' });
  assert.match(
    left,
    /^Differences: 1\. Deployment nqba-platform\/nqba-api labels\.changed: absent → yes\.$/,
    'what is new stays',
  );
});

test('an archive that the cluster would refuse does not restore, which proposes no-go', async () => {
  const name = 'only-pinned-images';
  const validations = [{ expression: "object.metadata.name != 'nqba-api'", message: 'images must be pinned by their digest' }];
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] };
  const spec = { failurePolicy: 'Fail', matchConstraints: { resourceRules: [rule] }, validations };
  await lab().create(`${apart}/validatingadmissionpolicies`, { metadata: { name }, spec });
  await lab().create(`${apart}/validatingadmissionpolicybindings`, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  });
  try {
    const found = await eventually(async () => {
      const finding = await on.worker().kubernetes.saveManifests({});
      assert.equal(finding.verdict, 'faulty', finding.evidence);
      return finding;
    });
    assert.match(
      found.evidence,
      /^Saved 3 Deployments.*It does not restore: Deployment nqba-platform\/nqba-api: .*pinned by their digest/,
    );
    const { suggest, because } = readinessOf({ ...others, 'Prepare rollback plan': found });
    assert.equal(suggest, 'no-go');
    assert.match(because, /^Prepare rollback plan is faulty: .*does not restore/);
  } finally {
    await lab().remove(`${apart}/validatingadmissionpolicybindings/${name}`);
    await lab().remove(`${apart}/validatingadmissionpolicies/${name}`);
  }
});
