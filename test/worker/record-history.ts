/** Records one whole Dynex outage of a real Temporal server as a golden history: `node test/worker/record-history.ts NAME`. */

import { existsSync, writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { runbooks } from '../../workflows/catalog/index.ts';
import { isWritten } from '../../workflows/catalog/route.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { isOpen } from '../../workflows/kit/record/state.ts';
import { startWorker } from '../client/scripted-worker.ts';
import { startTemporal } from '../client/temporal-server.ts';
import { eventually } from '../support/eventually.ts';
import { aStart, anAlert, usual } from '../support/rehearsing.ts';

const [name = ''] = process.argv.slice(2);
const file = new URL(`../histories/${name}.json`, import.meta.url);
if (!/^[a-z-]+$/.test(name) || existsSync(file))
  throw new Error('Give a new name in kebab case: a history that exists is never recorded again.');

const server = await startTemporal();
const address = server.environment.TEMPORAL_ADDRESS;
const stopWorker = await startWorker(address);
const connection = await Connection.connect({ address });
try {
  const workflowId = await outage();
  const history = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
  writeFileSync(file, `${historyToJSON(history).replaceAll(/\d+@[\w.-]+/g, '1@recorded')}\n`);
  console.log(`${history.events?.length} events in ${file.pathname}`);
} finally {
  await connection.close();
  await stopWorker();
  await server.stop();
}

/** From the alert to the end, answered as people usually do. Its workflow id. */
async function outage(): Promise<string> {
  const runbook = runbooks.filter(isWritten).find(({ workflow }) => workflow === 'dynexOutage');
  if (!runbook) throw new Error('The catalog has no runbook for dynexOutage.');
  const alert = anAlert({ startsAt: new Date().toISOString() });
  const quietMinutes = { P0: 1, P1: 1, P2: 1, P3: 1 };
  const start = { ...aStart(alert), platform: { pace: 1 / 60, quietMinutes } };
  const { temporal } = server;
  const { workflowId } = await temporal.openOrJoin(runbook, start);
  const workflow = new Client({ connection }).workflow.getHandle(workflowId);
  for (const [title, choice] of Object.entries(usual)) {
    const question = await eventually(async () => {
      const report = await workflow.query<Report>('report');
      const open = report.questions.find(asked => asked.title === title);
      if (!open) throw new Error(`${title} is not asked`);
      return open.id;
    });
    await workflow.signal('decide', { question, choice, by: 'ann' });
  }
  await workflow.signal('alert', { ...alert, status: 'resolved' });
  const report: Report = await workflow.result();
  if (report.questions.some(isOpen)) throw new Error('a question was left open');
  return workflowId;
}
