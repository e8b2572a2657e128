/** An approved Ingress of our own is made with the annotations that people approved, whatever its source has when it is tried again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createActivities } from '../../../activities/index.ts';
import { aPlatform, connected, running, virtualClock } from '../bare.ts';
import { done, planned } from '../outcomes.ts';
import { calm, operatorApiWith } from './edge.ts';
import { sharingPlatform } from './own-ingress.ts';

const prefix = 'nginx.ingress.kubernetes.io';
const paths = [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 80 } } } }];
const applied = z.looseObject({ metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }) });

/** An API server that has the source, a hold that holds nothing, and refuses the first write. */
function apiServer() {
  const source = {
    name: 'nqba-platform-ingress',
    uid: 'source',
    resourceVersion: '1',
    annotations: { [`${prefix}/a`]: 'approved' },
  };
  let own: z.infer<typeof applied> | undefined;
  let isAway = true;
  const patched = async (request: Request) => {
    const body = applied.parse(await request.json());
    const made = { ...body, metadata: { ...body.metadata, uid: 'own', resourceVersion: '2' } };
    if (request.url.includes('dryRun=All')) return Response.json(made);
    if (isAway) {
      isAway = false;
      return Response.json({ kind: 'Status', message: 'etcd is away', code: 500 }, { status: 500 });
    }
    return Response.json((own = made));
  };
  const fetch = async (request: Request) => {
    if (request.method === 'PATCH') return patched(request);
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/nqba-platform-ingress'))
      return Response.json({ metadata: source, spec: { rules: [{ http: { paths } }] } });
    if (!pathname.endsWith('/nqba-platform-own'))
      return Response.json({ metadata: { name: 'nqba-runbooks' }, data: { 'mode.api-rate-limit-exceeded': 'supervised' } });
    return own ? Response.json(own) : Response.json({ kind: 'Status', code: 404 }, { status: 404 });
  };
  return { fetch, source, annotations: () => own?.metadata.annotations };
}

test('what was approved is made at the retry, though the annotations of its source have changed and were looked at since', async () => {
  const { fetch, source, annotations } = apiServer();
  const clock = virtualClock(Date.now());
  const { operatorApi } = operatorApiWith(calm);
  const systems = { ...connected({ kubernetes: { fetch } }, clock), operatorApi };
  const own = () => ({ ...running(), workflowType: 'apiRateLimitExceeded' });
  const platform = sharingPlatform({ platform: aPlatform });
  const { gateway } = createActivities({ platform, systems, ...clock, takeBackLater: async () => undefined, running: own });
  const limit = (call: object) => gateway.setLimit({ limit: 'essential only' }, { key: 'run-1/Phase/Step/1', ...call });
  const { digest } = planned(await limit({ key: 'run-1/Phase/Step/0', dryRun: true }));
  await assert.rejects(limit({ approved: digest }), /etcd is away/);
  source.annotations = { [`${prefix}/a`]: 'of someone else' };
  await limit({ key: 'run-2/Phase/Step/0', dryRun: true });
  done(await limit({ approved: digest }));
  assert.equal(annotations()?.[`${prefix}/a`], 'approved');
  assert.equal(annotations()?.[`${prefix}/limit-rpm`], '60');
});
