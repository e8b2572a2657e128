// Which written branch fits which findings: pure, one case a line.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../../workflows/contract/index.ts';
import { type Branch, whatFits } from '../../../workflows/runbooks/p0-critical-incident-response/branches.ts';
import type { Findings } from '../../../workflows/runbooks/p0-critical-incident-response/findings.ts';
import { keptOut, missesOne, noClass, podsOf, rolledOut } from '../../support/platform-down.ts';

const healthy: Finding = { verdict: 'healthy', evidence: 'All is well.' };
const faulty: Finding = { verdict: 'faulty', evidence: 'It fails.' };
const unknown: Finding = { verdict: 'unknown', evidence: 'Not measured.' };

const allIsWell: Findings = {
  nodes: healthy,
  pods: { ...healthy, facts: podsOf({ ready: 5 }) },
  cluster: healthy,
  load: healthy,
  api: healthy,
  dynex: { ...healthy, facts: { inside: 'healthy', outside: 'healthy' } },
  database: healthy,
  errors: healthy,
  latency: healthy,
  rollouts: { ...healthy, facts: { change: null, rollout: null } },
};
const rollouts = { ...faulty, facts: { change: null, rollout: rolledOut } };
const kept = { ...faulty, facts: keptOut };
const dynexFrom = (inside: Finding['verdict'], outside: Finding['verdict']) => ({ ...faulty, facts: { inside, outside } });

const cases: [string, Partial<Findings>, Branch[], RegExp, Branch[]?][] = [
  ['nothing is found', {}, [], /Nothing was found faulty\.$/],
  ['the API is down after a rollout', { api: faulty, rollouts }, ['roll back'], /revision 42 was rolled out 5 minutes before/],
  [
    'the API is down after a rollout, and no revision fits',
    {
      api: faulty,
      rollouts: { ...faulty, facts: { ...rollouts.facts, backTo: { revision: null, because: 'it has only one' } } },
    },
    [],
    /^No written branch fits\. Rollback not offered: it has only one\./,
  ],
  ['its calls fail after a rollout', { errors: faulty, rollouts }, ['roll back'], /^Fits: roll back/],
  ['a rollout, and the API answers', { rollouts }, [], /Rollback not offered: the API is healthy/],
  [
    'a rollout, and the API is not known',
    { rollouts, api: unknown },
    [],
    /Rollback not offered: the API is not known to be faulty/,
  ],
  ['down without a rollout', { api: faulty }, [], /the API was not rolled out shortly before the alert/],
  ['down, deployments not known', { api: faulty, rollouts: unknown }, [], /the recent deployments are not known/],
  [
    'down, and new pods are kept out',
    { api: faulty, rollouts, pods: kept },
    [],
    /PriorityClass nqba-critical keeps new pods out, and a rollback needs new pods/,
  ],
  [
    'down, one pod is missing, and a worker is kept out',
    { api: faulty, rollouts, pods: { ...faulty, facts: missesOne('worker', noClass) } },
    ['roll back'],
    /^Fits: roll back\..* In the way of worker: PriorityClass nqba-critical/,
  ],
  [
    'down, one pod is missing, and the others crash',
    { api: faulty, rollouts, pods: { ...faulty, facts: missesOne('api', { object: 'Pod shop/api-1', says: 'exit 1' }) } },
    ['roll back'],
    /^Fits: roll back\..* In the way of api: Pod shop\/api-1 \(exit 1\)\./,
  ],
  ['slow, database healthy', { latency: faulty }, ['scale up'], /Scaling up: It fails\./],
  ['loaded, database healthy', { load: faulty }, ['scale up'], /^Fits: scale up/],
  ['slow, database down', { latency: faulty, database: faulty }, [], /the database is not known to be healthy/],
  ['slow, database unknown', { latency: faulty, database: unknown }, [], /the database is not known to be healthy/],
  ['slow, and new pods are kept out', { latency: faulty, pods: kept }, [], /Scaling up not offered: PriorityClass nqba-critical/],
  ['performance unknown', { latency: unknown, load: unknown }, [], /performance is not known to be faulty/],
  ['slow and down after a rollout', { latency: faulty, api: faulty, rollouts }, ['roll back'], /the rollback comes first/],
  [
    'still slow after the rollback',
    { latency: faulty, api: faulty, rollouts },
    ['scale up'],
    /Rollback not offered: it was begun before/,
    ['roll back'],
  ],
  ['Dynex fails from two viewpoints', { dynex: dynexFrom('faulty', 'faulty') }, ['fallback'], /from inside and from outside/],
  [
    'Dynex fails from one',
    { dynex: dynexFrom('faulty', 'healthy') },
    [],
    /Quantum fallback not offered: Dynex fails from one viewpoint and answers from the other\./,
  ],
  [
    'Dynex fails from outside, and inside is blind',
    { dynex: dynexFrom('unknown', 'faulty') },
    [],
    /Quantum fallback is proposed to people: Dynex fails from outside, and from inside it is not known\./,
  ],
  [
    'Dynex fails from inside, and outside is blind',
    { dynex: dynexFrom('faulty', 'unknown') },
    [],
    /Quantum fallback is proposed to people: Dynex fails from inside, and from outside it is not known\./,
  ],
  [
    'Dynex fails from one, and the fallback was begun',
    { dynex: dynexFrom('faulty', 'unknown') },
    [],
    /Quantum fallback not offered: it was begun before/,
    ['fallback'],
  ],
  [
    'two at once',
    { api: faulty, rollouts, dynex: dynexFrom('faulty', 'faulty') },
    ['roll back', 'fallback'],
    /^Fits: roll back, fallback\./,
  ],
];

describe('a written branch fits only its findings', () => {
  for (const [name, change, fits, says, tried = []] of cases)
    test(name, () => {
      const found = whatFits({ ...allIsWell, ...change }, tried);
      assert.deepEqual(found.fits, fits);
      assert.match(found.text, says);
    });
});

test('the fallback that people left is asked about again only once the evidence has grown', () => {
  const dynex = (inside: Finding['verdict'], outside: Finding['verdict']) => ({
    ...allIsWell,
    dynex: dynexFrom(inside, outside),
  });
  const { proposes: once = '' } = whatFits(dynex('faulty', 'unknown'), []);
  const again = whatFits(dynex('faulty', 'unknown'), [], [once]);
  assert.deepEqual([again.fits, again.proposes], [[], undefined]);
  assert.match(again.text, /Quantum fallback not offered: people left jobs where they are\./);
  const grown = whatFits(dynex('faulty', 'faulty'), [], [once]);
  assert.deepEqual([grown.fits, grown.proposes], [[], 'Dynex fails from inside and from outside']);
  assert.match(grown.text, /Quantum fallback is proposed to people: Dynex fails from inside and from outside\./);
  const leftAgain = whatFits(dynex('faulty', 'faulty'), [], [once, grown.proposes ?? '']);
  assert.deepEqual([leftAgain.fits, leftAgain.proposes], [[], undefined]);
});

test('evidence is ranked: what explains the rest first, with what repairs it, and what is not known last', () => {
  const { found } = whatFits({ ...allIsWell, api: faulty, pods: kept, latency: unknown }, []);
  const repair = 'This repairs it: `kubectl create priorityclass nqba-critical --value=1000000`.';
  const inTheWay = 'In the way of api: PriorityClass nqba-critical (no PriorityClass with name nqba-critical was found).';
  assert.equal(found, `${inTheWay} ${repair} Faulty, the most telling first: pods: It fails; api: It fails. Unknown: latency.`);
});
