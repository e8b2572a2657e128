/** Services that lead to no pod, Ingresses that lead nowhere, and certificates that end soon. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { judgeCertificate } from '../../../activities/kubernetes/certificates.ts';
import { activitiesWith, virtualClock } from '../bare.ts';
import { clusterOf, fetchOf, type Held } from './cluster-of.ts';

const metadata = (name: string, labels = {}) => ({ name, namespace: 'nqba-platform', labels });
const service = (name: string, spec: object = {}) => ({
  metadata: metadata(name),
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }], ...spec },
});
const slice = (name: string, ...ready: boolean[]) => ({
  metadata: metadata(`${name}-x`, { 'kubernetes.io/service-name': name }),
  endpoints: ready.map(one => ({ conditions: { ready: one } })),
});
const services = (services: object[], endpointslices: object[] = []) =>
  clusterOf({ others: { services, endpointslices } }).kubernetes.services({ kind: 'service' });

test('a Service with a ready endpoint is healthy, with the counts; another name for a host has none', async () => {
  const other = service('other', { type: 'ExternalName' });
  const { verdict, evidence, facts } = await services([service('web'), other], [slice('web', true, false)]);
  assert.deepEqual([verdict, facts], ['healthy', { objects: 1, faulty: [] }]);
  assert.match(evidence, /has a ready endpoint: web 1 of 2\.$/);
});

test('a Service without a ready endpoint is named: none is ready, or no pod matches', async () => {
  const { verdict, evidence, facts } = await services([service('web'), service('shop')], [slice('web', false, false)]);
  assert.deepEqual([verdict, facts?.faulty], ['faulty', ['web', 'shop']]);
  assert.equal(evidence, '2 of 2 Services: web has 0 of 2 endpoints ready; shop has no endpoint (no pod matches app=shop).');
});

test('no Service, and no right to list endpoints, are unknown, with what to do', async () => {
  assert.equal((await services([])).verdict, 'unknown');
  const refused = await clusterOf({ forbidden: ['/endpointslices'] }).kubernetes.services({ kind: 'service' });
  assert.deepEqual([refused.verdict, /403.*Grant it/.test(refused.evidence)], ['unknown', true]);
});

/** Self-signed, its key thrown away; it ends on 2026-12-30. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIUIV91V8QCDCJZArw56v/i/8vmluAwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEzMDAxMDg1MloXDTI2MTIz
MDAxMDg1MlowFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAE1C1MeCimQYWf6ZdzzRkqfpe45u0eW7P3kP8zyi71n1FDjzWC
3kaLfKh57wG345Ly2NSyklcPE/4KfdjZRfV2/aNTMFEwHQYDVR0OBBYEFJTX7G0W
tVO2DHTr/l7RzjL9L6WEMB8GA1UdIwQYMBaAFJTX7G0WtVO2DHTr/l7RzjL9L6WE
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAMfAt/LobbZHVcN/
JYNyACXdIZ6Xz95uaa+fURIdBrweAiEAyXQM0RJq9opsVX00c+NaMVaLjWFhh7Gr
OSgRaSJIB4o=
-----END CERTIFICATE-----`;
const day = 86_400_000;
const at = (days: number) => Date.parse('2026-11-30T12:00:00Z') + days * day;

test('a certificate is healthy until 14 days before its end, then faulty with the day', () => {
  assert.partialDeepStrictEqual(judgeCertificate('S', pem, at(0)), { verdict: 'healthy', facts: { days: 29 } });
  const soon = judgeCertificate('S', pem, at(20));
  assert.deepEqual([soon.verdict, soon.facts], ['faulty', { days: 9 }]);
  assert.match(soon.evidence, /^the certificate in S expires on \d{4}-\d\d-\d\d, in 9 days$/);
  assert.match(judgeCertificate('S', pem, at(40)).evidence, /expired on/);
  assert.equal(judgeCertificate('S', 'no certificate', at(0)).verdict, 'faulty');
});

const path = (name: string, number = 80) => ({ path: '/', backend: { service: { name, port: { number } } } });
const ingress = (paths: object[], status = { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } }) => ({
  metadata: metadata('shop'),
  spec: { rules: [{ host: 'shop.example', http: { paths } }], tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }] },
  status,
});

function ingresses(held: Held, secret: Response) {
  const inside = fetchOf(held);
  const fetch = (request: Request) => (request.url.endsWith('/secrets/shop-tls') ? secret : inside(request));
  return activitiesWith({ kubernetes: { fetch } }, virtualClock(at(0))).kubernetes.services({ kind: 'ingress' });
}
const secret = () =>
  Response.json({ metadata: { name: 'shop-tls' }, data: { 'tls.crt': btoa(pem), 'tls.key': btoa('the private key') } });
const refused = (status: number) => Response.json({ kind: 'Status', message: 'secrets "shop-tls" is refused' }, { status });

test('an Ingress with an address, its Services and a certificate is healthy', async () => {
  const held = { others: { ingresses: [ingress([path('web')])], services: [service('web')] } };
  const { verdict, evidence, facts } = await ingresses(held, secret());
  assert.deepEqual([verdict, facts], ['healthy', { objects: 1, faulty: [], certificateDays: 29 }]);
  assert.match(evidence, /^shop: at lb\.example; the certificate in TLS Secret shop-tls expires on .*, in 29 days\.$/);
});

test('no address, a Service or port that is not there, and no Secret are named, and nothing of the Secret is', async () => {
  const waiting = ingress([path('web', 81), path('frontend')], { loadBalancer: { ingress: [] } });
  const held = { others: { ingresses: [waiting], services: [service('web')] } };
  const { verdict, evidence, facts } = await ingresses(held, refused(404));
  assert.deepEqual([verdict, facts?.faulty], ['faulty', ['shop']]);
  assert.match(evidence, /^shop: has no address; Service web has no port 81, for shop\.example\/; Service frontend does not exist/);
  assert.match(evidence, /TLS Secret shop-tls does not exist/);
  assert.doesNotMatch((await ingresses(held, secret())).evidence, /private|BEGIN/);
});

test('a Secret that may not be read, and no Ingress at all, are unknown, with what to do', async () => {
  const held = { others: { ingresses: [ingress([path('web')])], services: [service('web')] } };
  const { verdict, evidence } = await ingresses(held, refused(403));
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /TLS Secret shop-tls may not be read.*add it to certificates.*`runbooks rights`/);
  assert.equal((await ingresses({}, secret())).verdict, 'unknown');
});
