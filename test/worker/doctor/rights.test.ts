/** The Role that is shipped gives what the activities call, and nothing that none of them does. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { sender } from '../../../activities/connectors/http.ts';
import { manifests } from '../../../lab/kubernetes/manifests.ts';
import { rightsLines } from '../../../worker/doctor/rights.ts';
import { rightsNeeded } from '../../../worker/doctor/rights-needed.ts';
import { roleManifests } from '../../../worker/role-manifests.ts';
import { aPlatform, virtualClock } from '../../activities/bare.ts';
import { inWords, rolesIn, singly } from '../../support/role-rules.ts';

const words = (objects: object[]) =>
  rolesIn(objects)
    .flatMap(role => singly(role.rules).map(rule => inWords(rule, role)))
    .toSorted();
const account = { kind: 'ServiceAccount', namespace: 'nqba-platform', name: 'nqba-runbooks' } as const;

test('what is shipped gives exactly what is printed for this platform, each permission once', async () => {
  const shipped = words(await manifests('deploy/kubernetes'));
  assert.ok(shipped.length > 40);
  assert.deepEqual(shipped, words(roleManifests(aPlatform, account)));
  assert.deepEqual(shipped, [...new Set(shipped)]);
});

test('an Ingress that incidents may make is made and removed under its name, and nothing else of its kind', () => {
  const { gateway } = aPlatform;
  assert.ok(gateway?.ingress);
  const platform = { ...aPlatform, gateway: { ...gateway, ingress: { ...gateway.ingress, own: 'nqba-own' } } };
  const more = rightsNeeded(platform).filter(right => !rightsNeeded(aPlatform).some(one => isDeepStrictEqual(one, right)));
  const place = { group: 'networking.k8s.io', resource: 'ingresses', namespace: 'nqba-platform', name: 'nqba-own' };
  assert.deepEqual(
    more.map(({ usedBy: _, ...right }) => right),
    ['get', 'patch', 'create', 'delete'].map(verb => ({ verb, ...place })),
  );
});

/** The titles that the doctor names when that one right is refused. */
async function needing(verb: string, resource: string, name?: string): Promise<string[]> {
  const fetch = async (request: Request) => {
    const { resourceAttributes: asked } = JSON.parse(await request.text()).spec;
    const isRefused = asked.verb === verb && asked.resource === resource && asked.name === name;
    return Response.json({ status: { allowed: !isRefused } });
  };
  const send = sender('Kubernetes', { fetch, ...virtualClock() });
  const askCluster: typeof send = (path, asked) => send(`http://cluster${path}`, asked);
  const lines = await rightsLines({ platform: aPlatform, user: undefined, askCluster });
  return lines.flatMap(({ text }) => /Needed by (.*)\.$/.exec(text)?.[1]?.split(', ') ?? []).toSorted();
}

/** They look for what changed before the alert. */
const lookingBack = [
  'API Rate Limit Exceeded',
  'Authentication Failures',
  'Dynex Outage',
  'P0 - Critical Incident Response',
  'Quota Exhaustion',
];

test('a right that is refused is told with each runbook that needs it', async () => {
  assert.deepEqual(await needing('list', 'ingresses'), [...lookingBack, 'Morning Health Check'].toSorted());
  for (const name of ['nqba-secrets', 'nqba-ipfs-a', 'nqba-platform-tls']) {
    const titles = await needing('get', 'secrets', name);
    assert.deepEqual(
      lookingBack.filter(title => !titles.includes(title)),
      [],
      name,
    );
  }
});
