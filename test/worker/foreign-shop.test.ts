/** A platform that has nothing of the shipped one, on a real API server: examined, and repaired by a runbook of its own. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { connectAll } from '../../activities/connectors/index.ts';
import { configMaps } from '../../activities/connectors/resources.ts';
import { joinCatalog } from '../../activities/own-runbooks.ts';
import { type Platform, readPlatform } from '../../activities/platform.ts';
import { manifests } from '../../lab/kubernetes/manifests.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import type { Config } from '../../worker/config.ts';
import { examine } from '../../worker/doctor/examination.ts';
import type { Line } from '../../worker/doctor/line.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { because, done, planned } from '../activities/outcomes.ts';
import { clock, isSettled, type Stage, stage } from '../activities/stage.ts';
import { runbooks } from '../client/command-line.ts';
import { apply } from '../support/apply.ts';
import { eventually } from '../support/eventually.ts';

const folder = 'examples/foreign-shop';
const own = `${folder}/runbooks`;
const shop = '/apis/apps/v1/namespaces/shop';
const at = {
  ledger: `${shop}/statefulsets/ledger`,
  storefront: `${shop}/deployments/storefront`,
  mailer: `${shop}/deployments/mailer`,
  hold: '/api/v1/namespaces/shop/configmaps/runbooks',
};

let on: Stage;
let platform: Platform;
before(async () => {
  joinCatalog(own);
  platform = { ...(await readPlatform(`${folder}/platform.json`)), times: { pace: 1 / 60, quietMinutes } };
  on = await stage();
  await apply(on.cluster.kubeconfigs.you, [...(await manifests(folder)), ...(await rights())]);
  await settled();
});
after(() => on.stop());

/** The cluster has the name there that the description gives it. */
function kubeconfig(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'shop-')), 'kubeconfig');
  writeFileSync(file, readFileSync(on.cluster.kubeconfigs.you, 'utf8').replaceAll('nqba-production', platform.cluster));
  return file;
}

/** As the page says; the worker is a user outside the cluster. */
const shell = () =>
  runbooks({
    KUBECONFIG: kubeconfig(),
    PROMETHEUS_URL: 'http://127.0.0.1:9',
    RUNBOOKS_PLATFORM: `${folder}/platform.json`,
    RUNBOOKS_FOLDER: own,
  });

async function rights() {
  const { stdout } = await shell()('rights', '--user', 'nqba-runbooks');
  const printed = mkdtempSync(join(tmpdir(), 'rights-'));
  writeFileSync(join(printed, 'rights.yaml'), stdout);
  return manifests(printed);
}

/** Commands of the page, in order. */
const commands = [...readFileSync('docs/another-platform.md', 'utf8').matchAll(/^runbooks (.*?)(?: \|.*)?$/gm)].map(
  ([, typed = '']) => typed,
);

const expected: Record<string, { code: number; says: RegExp }> = {
  'rights --account shop/runbooks': {
    code: 0,
    says: /kind: ServiceAccount[^]*namespace: shop[^]*kind: ValidatingAdmissionPolicy/,
  },
  // Neither Temporal nor Prometheus is there.
  doctor: {
    code: 1,
    says: /StatefulSet shop\/ledger: exists[^]*Dynex Outage \(dynex-outage\) is not available on this platform/,
  },
  "open dynex-outage --because 'jobs fail' --as ann": {
    code: 4,
    says: /Cannot be opened: the runbook Dynex Outage .* not available/,
  },
  'rehearse ledger-stuck': { code: 0, says: /Closed: recovered/ },
  'rehearse replicas-missing': { code: 0, says: /Closed: recovered/ },
  "arm ledger-stuck --mode supervised --reason 'rehearsed and approved'": { code: 0, says: /Ledger Stuck acts from now on/ },
};

test('the page is followed, command by command', async () => {
  assert.deepEqual(commands, Object.keys(expected));
  for (const typed of commands) {
    const words = [...typed.matchAll(/'[^']*'|\S+/g)].map(([word]) => word.replaceAll("'", ''));
    const { code, stdout, stderr } = await shell()(...words);
    assert.equal(code, expected[typed]?.code, `${typed}: ${stdout}${stderr}`);
    assert.match(`${stdout}${stderr}`, expected[typed]?.says ?? /^$/);
  }
  assert.equal((await on.you.get(at.hold)).data?.['mode.ledger-stuck'], 'supervised');
});

const quietMinutes = { P0: 1, P1: 1, P2: 1, P3: 1 };
const settled = () =>
  eventually(async () => {
    for (const path of [at.ledger, at.storefront, at.mailer]) assert.ok(isSettled(await on.you.get(path)), path);
  });

/** A Prometheus that has a sample of everything that it understands. */
const prometheus = async (request: Request) => {
  const query = new URLSearchParams(await request.text()).get('query') ?? '';
  const result = [{ metric: {}, value: [0, '1'] }];
  return query.endsWith('(')
    ? Response.json(
        { status: 'error', errorType: 'bad_data', error: `invalid parameter "query": 1:${query.length}: parse error` },
        { status: 400 },
      )
    : Response.json({ status: 'success', data: { resultType: 'vector', result } });
};

const linesFor = (described: Platform, who: 'worker' | 'you' = 'worker'): Promise<Line[]> => {
  const kubernetes = { kubeconfig: on.cluster.kubeconfigs[who] };
  const artifacts = { folder: 'nowhere' };
  const connections = { artifacts, kubernetes, prometheus: { url: 'http://prometheus', fetch: prometheus } };
  const config: Config = { taskQueue: 'test', healthPort: 0, platform: described, rolesFile: 'roles.json', connections };
  return examine(config, clock, own);
};
const texts = (lines: Line[]) => lines.map(({ check, text, fix = '' }) => `${check}: ${text} ${fix}`).join('\n');
const faultsIn = (lines: Line[]) => texts(lines.filter(({ ok, check }) => !ok && check !== 'Paging'));

test('the doctor examines it, and lists the runbooks that it has nothing for', async () => {
  const lines = await linesFor(platform);
  assert.equal(faultsIn(lines), '');
  const said = texts(lines);
  for (const wanted of [
    'Rights: this account may do all 35 things that incidents need.',
    'StatefulSet shop/ledger: exists: 2 of 2 pods, container postgres.',
    'Deployment shop/storefront: exists: 2 of 2 pods, container web.',
    'Runbooks: available: Ledger Stuck, Replicas Missing.',
    'Runbooks: the runbook Dynex Outage (dynex-outage) is not available on this platform: its description has no section quantum and no workload api, worker, batch (it has ledger, storefront, mailer).',
    'Queries: 9 of 9 have samples.',
    'Standing changes: no change of ours stands.',
  ])
    assert.ok(said.includes(wanted), `${wanted}\nis not in\n${said}`);
  assert.doesNotMatch(said, /Dynex (is|status)|The Dynex/);
});

test('the rights that are printed are those that activities need: none is for any object that has a name, none a wildcard', async () => {
  const rules = JSON.stringify(await rights());
  assert.doesNotMatch(rules, /"\*"|delete|"update"|escalate/);
  const { kubernetes } = connectAll(
    { artifacts: { folder: 'nowhere' }, kubernetes: { kubeconfig: on.cluster.kubeconfigs.worker } },
    clock,
  );
  const patch = { as: 'merge', body: { data: { hold: 'no' } } } as const;
  await assert.rejects(kubernetes?.patch(configMaps, { namespace: 'shop', name: 'runbooks' }, patch) ?? Promise.resolve(), {
    status: 403,
  });
});

test('the doctor names what of a description is not so', async () => {
  const { ledger, storefront, mailer } = platform.workloads;
  assert.ok(ledger && storefront && mailer);
  const said = faultsIn(
    await linesFor(
      {
        ...platform,
        workloads: { ledger: { ...ledger, kind: 'DaemonSet' }, storefront: { ...storefront, selector: { app: 'shop' } }, mailer },
        queries: { ...platform.queries, 'database up': 'max(pg_up))(' },
      },
      'you',
    ),
  );
  for (const wanted of [
    'DaemonSet shop/ledger: does not exist. Correct workloads.ledger',
    'Deployment shop/storefront: has no pods with app=shop. Correct workloads.storefront.selector in the platform description: app=storefront.',
    'Queries: database up: Prometheus answered 400: invalid parameter "query": 1:12: parse error',
  ])
    assert.ok(said.includes(wanted), `${wanted}\nis not in\n${said}`);
});

test('a description of another cluster is called so, whatever else it lacks', async () => {
  const elsewhere = { ...platform, namespaces: { shop: 'shop-of-others' } };
  assert.match(
    faultsIn(await linesFor(elsewhere, 'you')),
    /Kubernetes: has none of the 3 workloads, so the description of shop-west is for another cluster/,
  );
});

/** The calls of the runbook's own actions, as a rehearsal has them. */
async function actionsOf(slug: string) {
  const sandbox = await Sandbox.load((await workflowBundle(own)).code, []);
  const { setting } = scenarioIn(`${own}/${slug}.scenario.json`, writtenRunbook(slug), platform);
  const [incident] = (await rehearseAll(sandbox, setting)).incidents;
  assert.equal(incident?.report.outcome, 'recovered');
  return new Map(incident.ran.map(({ type, args }) => [type, args[0]]));
}

test('its own runbook gives the StatefulSet more memory, restarts it, and the change is undone', async () => {
  const ran = await actionsOf('ledger-stuck');
  const memory = { workload: 'ledger', limits: { memory: '2Gi' } };
  assert.deepEqual(JSON.parse(JSON.stringify([ran.get('setResources'), ran.get('restart')])), [memory, { workload: 'ledger' }]);
  const { kubernetes } = on.worker({
    platform,
    connected: ['kubernetes'],
    workflowType: 'ledgerStuck',
  });
  const was = await on.you.get(at.ledger);

  const larger = { key: 'run-1/Resolution Steps/More memory for the ledger/1' };
  const asked = await kubernetes.setResources(memory, larger);
  assert.equal(because(asked), 'approval');
  assert.match(planned(asked).consequences.join(' '), /Restarts ledger: 2 pods, 0 more at a time/);
  const set = done(await kubernetes.setResources(memory, { ...larger, approved: planned(asked).digest }));
  assert.equal(set.effect.text, 'limits.memory 2Gi: 2 of 2 pods of ledger are new and ready.');
  assert.deepEqual(
    set.changes.map(({ target, after }) => `${target} ${after}`),
    ['StatefulSet shop/ledger 2Gi'],
  );

  const again = { key: 'run-1/Resolution Steps/Restart the ledger/1' };
  const plan = planned(await kubernetes.restart({ workload: 'ledger' }, again));
  assert.match(plan.consequences.join(' '), /What the pods of ledger keep in memory is lost/);
  const restarted = done(await kubernetes.restart({ workload: 'ledger' }, { ...again, approved: plan.digest }));
  assert.deepEqual(restarted.effect, { measured: 'whole', text: '2 of 2 pods of ledger are new and ready.' });
  assert.equal((await kubernetes.pods({ workloads: ['ledger'] })).verdict, 'healthy');

  assert.ok(set.takeBack);
  const undone = done(await kubernetes.takeBack({ takeBack: set.takeBack }, { key: 'take-back-1/undo/1' }));
  assert.equal(undone.effect.text, 'StatefulSet shop/ledger limits.memory of postgres is 1Gi.');
  assert.equal(limitsOf(await on.you.get(at.ledger)), limitsOf(was));
});

test('a DaemonSet restarts too, has no floor, and is not rolled back', async () => {
  const labels = { app: 'watcher' };
  await on.you.create(`${shop}/daemonsets`, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'watcher', namespace: 'shop' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'watcher', image: 'registry.example/watcher:1.0.0' }] } },
    },
  });
  const watcher = { kind: 'DaemonSet', namespace: 'shop', name: 'watcher', container: 'watcher', selector: labels } as const;
  const described = { ...platform, workloads: { ...platform.workloads, watcher } };
  const { kubernetes } = on.worker({
    platform: described,
    kubeconfig: on.cluster.kubeconfigs.you,
    connected: ['kubernetes'],
    workflowType: 'ledgerStuck',
  });
  const one = { workload: 'watcher' };
  await eventually(async () => assert.equal((await kubernetes.pods({ workloads: ['watcher'] })).verdict, 'healthy'));
  const key = 'run-2/Resolution Steps/Restart the watcher/1';
  const { digest } = planned(await kubernetes.restart(one, { key }));
  const { effect } = done(await kubernetes.restart(one, { key, approved: digest }));
  assert.equal(effect.measured, 'whole', effect.text);
  const refused = { type: 'Refused', message: /watcher has a pod on each of its nodes, so it has no floor/ };
  await assert.rejects(kubernetes.raiseFloor({ ...one, atLeast: 'twice' }, { key: 'run-2/x/floor/1' }), refused);
  const byHand = { type: 'Refused', message: /kubectl -n shop rollout undo daemonset\/watcher/ };
  await assert.rejects(kubernetes.rollBack(one, { key: 'run-2/x/back/1' }), byHand);
});

const limitsOf = (object: object) => /"limits":\{[^}]*\}/.exec(JSON.stringify(object))?.[0];

test('a runbook that names a workload it does not have is told what it has', async () => {
  const { kubernetes } = on.worker({ platform, workflowType: 'ledgerStuck' });
  const { verdict, evidence } = await kubernetes.pods({ workloads: ['api'] });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /The platform description has no workload api: it has ledger, storefront, mailer/);
  await assert.rejects(kubernetes.restart({ workload: 'api' }, { key: 'run-1/x/y/1' }), { type: 'BadInput' });
});
