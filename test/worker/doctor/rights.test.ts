/** The Role that is shipped gives what the activities call, and nothing that none of them does. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { manifests } from '../../../lab/kubernetes/manifests.ts';
import { rightsNeeded } from '../../../worker/doctor/rights.ts';
import { aPlatform } from '../../activities/bare.ts';

const role = z.looseObject({
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).default(['any']),
      verbs: z.array(z.string()),
    }),
  ),
});

const kinds = ['Role', 'ClusterRole'];

async function given(): Promise<string[]> {
  const shipped = (await manifests('deploy/kubernetes')).filter(({ kind }) => kinds.includes(kind));
  return shipped
    .flatMap(object => role.parse(object).rules)
    .flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.flatMap(group =>
        resources.flatMap(resource => resourceNames.flatMap(name => verbs.map(verb => `${verb} ${resource}.${group} ${name}`))),
      ),
    );
}

/** As it may be given: by name, or for any. */
const needed = rightsNeeded(aPlatform).flatMap(({ verb, group = '', resource, subresource, name }) => {
  const what = `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}.${group}`;
  return [`${what} any`, ...(name === undefined ? [] : [`${what} ${name}`])];
});

test('no right is given that no activity uses', async () => {
  const rights = await given();
  assert.ok(rights.length > 20);
  assert.deepEqual(
    rights.filter(right => !needed.includes(right)),
    [],
  );
});

test('an Ingress that incidents may make is made and removed under its name, and nothing else of its kind', () => {
  const { gateway } = aPlatform;
  assert.ok(gateway?.ingress);
  const platform = { ...aPlatform, gateway: { ...gateway, ingress: { ...gateway.ingress, own: 'nqba-own' } } };
  const more = rightsNeeded(platform).filter(right => !rightsNeeded(aPlatform).some(one => isDeepStrictEqual(one, right)));
  const place = { group: 'networking.k8s.io', resource: 'ingresses', namespace: 'nqba-platform', name: 'nqba-own' };
  assert.deepEqual(
    more,
    ['get', 'patch', 'create', 'delete'].map(verb => ({ verb, ...place })),
  );
});
