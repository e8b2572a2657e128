/** Which revision is chosen, and what disqualifies one: without a cluster. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { templateSchema } from '../../../activities/connectors/resources.ts';
import { longestServing, mutableImage, whyNot, type Candidate } from '../../../activities/kubernetes/revisions.ts';
import { referencesIn } from '../../../activities/kubernetes/template-references.ts';

const withSpec = (spec: object) => templateSchema.parse({ spec });
const running = (image?: string) => withSpec({ containers: [{ name: 'api', ...(image !== undefined && { image }) }] });

const fixed = ['api:1.41.0', 'registry.example:5000/nqba/api:v2', 'api@sha256:0a', 'api:latest@sha256:0a', 'api:main-3f9c1d2'];
const mutable = ['api', 'api:latest', 'api:main', 'api:master', 'api:stable', 'api:dev', 'registry.example:5000/nqba/api'];

for (const image of fixed)
  test(`${image} is one image for ever`, () => {
    assert.equal(mutableImage(running(image)), undefined);
  });
for (const image of mutable)
  test(`${image} may be another image tomorrow`, () => {
    assert.equal(mutableImage(running(image)), image);
  });

test('the image of an init container counts too', () => {
  const template = withSpec({ containers: [{ name: 'api', image: 'api:1' }], initContainers: [{ name: 'i', image: 'tool' }] });
  assert.equal(mutableImage(template), 'tool');
});

test('everything that a pod needs to start is looked up once, and what may be absent is not', () => {
  const template = withSpec({
    initContainers: [{ name: 'i', envFrom: [{ secretRef: { name: 's' } }] }],
    containers: [
      {
        name: 'api',
        env: [
          { name: 'A', value: 'a' },
          { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'b' } } },
          { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'c', optional: true } } },
          { name: 'D', valueFrom: { configMapKeyRef: { name: 'c', key: 'd' } } },
        ],
        envFrom: [{ configMapRef: { name: 'from' } }, { secretRef: { name: 's' } }],
      },
    ],
    volumes: [
      { name: 'one', configMap: { name: 'mounted' } },
      { name: 'two', secret: { secretName: 'mounted' } },
      { name: 'three', projected: { sources: [{ configMap: { name: 'p' } }, { secret: { name: 'p' } }, { downwardAPI: {} }] } },
      { name: 'four', emptyDir: {} },
    ],
  });
  const told = referencesIn(template).map(({ kind, name, key }) => [kind, name, ...(key === undefined ? [] : [key])].join(' '));
  assert.deepEqual(told.toSorted(), [
    'ConfigMap c d',
    'ConfigMap from',
    'ConfigMap mounted',
    'ConfigMap p',
    'Secret mounted',
    'Secret p',
    'Secret s',
    'Secret s b',
  ]);
});

const candidate = (number: number, ms?: number, unfit?: string): Candidate => ({
  number,
  template: running('api:1'),
  text: `api:${number}`,
  images: `api:${number}`,
  sets: [],
  made: 0,
  unread: [],
  ...(ms !== undefined && { served: { ms, from: 0, to: ms } }),
  ...(unfit !== undefined && { unfit }),
});
const choices: [string, Candidate[], number | undefined][] = [
  ['the one that served longest', [candidate(3, 5), candidate(2, 10), candidate(1, 1)], 2],
  ['of equals the newest', [candidate(1, 5), candidate(3, 5), candidate(2, 5)], 3],
  ['the next where the longest cannot be gone back to', [candidate(3, 5), candidate(2, 10, 'gone')], 3],
  ['none that never served', [candidate(3, 0), candidate(2)], undefined],
];
for (const [what, candidates, number] of choices)
  test(`it chooses ${what}`, () => {
    assert.equal(longestServing(candidates)?.number, number);
  });

test('why one is not taken is a clause with its number', () => {
  const told = [candidate(1, 5, 'gone'), candidate(1), candidate(1, 0), candidate(1, 5_400_000), candidate(1, 90_000)];
  assert.deepEqual(told.map(whyNot), [
    'gone',
    'no samples',
    'never had all its pods ready',
    'served healthily for 1.5 h only',
    'served healthily for 1.5 min only',
  ]);
});
