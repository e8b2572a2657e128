// Incidents are found by what the namespace has of our search attributes; what it lacks, or has with another type, stops none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { runbooks } from '../../../workflows/catalog/index.ts';
import { isWritten } from '../../../workflows/catalog/route.ts';
import { temporalLines } from '../../../worker/doctor/temporal.ts';
import { reported } from '../../../client/reported.ts';
import { eventually } from '../../support/eventually.ts';
import { aStart, anAlert, planned } from '../../support/rehearsing.ts';
import { runbooks as commandLine } from '../command-line.ts';
import { startWorker } from '../scripted-worker.ts';
import { startTemporal } from '../temporal-server.ts';

const dynexOutage = runbooks.filter(isWritten).find(({ slug }) => slug === 'dynex-outage') ?? assert.fail();
const inbox = "ExecutionStatus = 'Running' and RunbookWaitingFor is not null";

/** Runs it on a server with these attributes, with a worker. */
async function on(attributes: string[], look: (server: Awaited<ReturnType<typeof startTemporal>>) => Promise<void>) {
  const server = await startTemporal({ attributes });
  const stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, { takeBack: () => planned('held') });
  Object.assign(process.env, server.environment);
  try {
    await look(server);
  } finally {
    await stopWorker();
    await server.stop();
  }
}

/** Opened, and waiting for a person. */
const waiting = (temporal: Awaited<ReturnType<typeof startTemporal>>['temporal']) => async () => {
  const alert = anAlert({ startsAt: new Date().toISOString(), labels: { runbook: 'dynex-outage', cluster: 'one' } });
  const { workflowId } = await temporal.openOrJoin(dynexOutage, aStart(alert));
  const incident = await temporal.again({ workflowId });
  await eventually(async () => {
    const { report, notProgressing } = await reported(temporal, incident);
    assert.equal(notProgressing, undefined);
    assert.equal(
      report?.questions.some(({ title }) => title === 'What is the cause?'),
      true,
    );
  });
  return incident;
};

const found = ['state', 'severity', 'cluster', 'waitingFor'] as const;

const servers: [string, string[], object, RegExp][] = [
  [
    'none of them',
    [],
    { waitingFor: [] },
    /lacks RunbookState, RunbookSeverity, RunbookCluster, RunbookWaitingFor: .* search-attribute create --namespace default --name RunbookState --type Keyword /,
  ],
  [
    'some of them',
    ['RunbookState=Keyword', 'RunbookWaitingFor=KeywordList'],
    { state: 'acknowledged', waitingFor: ['commander'] },
    /lacks RunbookSeverity, RunbookCluster: .* create --namespace default --name RunbookSeverity --type Keyword --name RunbookCluster --type Keyword$/,
  ],
  [
    'one of another type',
    ['RunbookState=Int', 'RunbookSeverity=Keyword', 'RunbookCluster=Keyword', 'RunbookWaitingFor=KeywordList'],
    { severity: 'P1', cluster: 'one', waitingFor: ['commander'] },
    /has RunbookState as Int, not Keyword: .* remove --namespace default --yes --name RunbookState && .* create --namespace default --name RunbookState --type Keyword$/,
  ],
];

describe('a namespace with', () => {
  for (const [what, attributes, values, said] of servers)
    test(`${what} opens incidents, which are found by the rest; doctor says what is wrong`, () =>
      on(attributes, async ({ temporal, environment }) => {
        const incident = await waiting(temporal)();
        await eventually(async () => {
          const now = await temporal.again(incident);
          const set = Object.fromEntries(found.flatMap(name => (now[name] === undefined ? [] : [[name, now[name]]])));
          assert.deepEqual({ ...set, ...(set['state'] && { state: 'acknowledged' }) }, values);
        });
        const [line] = await temporalLines();
        assert.equal(line?.ok, false);
        assert.match(`${line.text} ${line.fix}`, said);
        if (!attributes.includes('RunbookWaitingFor=KeywordList')) return;
        const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS });
        await eventually(async () => assert.equal((await new Client({ connection }).workflow.count(inbox)).count, 1));
        await connection.close();
      }));
});

test('a rollback that asks is listed with the role that it asks, also in a namespace that has none of them', () =>
  on([], async ({ temporal, environment }) => {
    const target = { system: 'kubernetes', kind: 'ConfigMap', namespace: 'shop', name: 'settings' } as const;
    const key = `${crypto.randomUUID()}/a/Activate Circuit Breaker/1`;
    const takeBack = { action: 'setFallback', key, target, words: 'a change' };
    const { platform } = aStart();
    const input = {
      version: 1,
      name: 'take-back-1',
      incident: 'one',
      title: 'Activate Circuit Breaker',
      takeBack,
      platform,
    } as const;
    await temporal.takeBack(input, 'ann');
    const run = commandLine(environment);
    await eventually(async () => assert.match((await run('list')).stdout, /^take-back-1 .* commander /m));
  }));
