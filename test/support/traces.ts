/** Everything that a practice platform has kept or shows of its incidents and operations, as bytes. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { settingsOf } from '../../lab/practice/settings.ts';
import type { Place } from './canaries.ts';
import type { Platform } from './practice.ts';

const { History } = proto.temporal.api.history.v1;
const { DescribeWorkflowExecutionResponse } = proto.temporal.api.workflowservice.v1;

/** Queries that the Temporal UI asks, and people with it. */
const queries = ['__temporal_workflow_metadata', 'report'];

const bytes = (text: string) => new TextEncoder().encode(text);
const filesBelow = (folder: string) =>
  globSync('**', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
const filed = (name: string, files: string[]): Place => ({ name, pieces: files.map(file => readFileSync(file)) });

/** An answer that serves no metrics proves nothing. */
export async function metricsAt(name: string, url: string): Promise<Place> {
  const answer = await fetch(url);
  const text = await answer.text();
  assert.match(text, /^# TYPE /m, url);
  return { name, pieces: [bytes(text)] };
}

export async function tracesOf({ practice, environment }: Platform): Promise<Place[]> {
  const { ports } = await settingsOf(practice.dir);
  const database = join(practice.dir, 'temporal', 'temporal.db');
  const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS ?? '' });
  try {
    const client = new Client({ connection, namespace: environment.TEMPORAL_NAMESPACE ?? '' });
    return [
      ...(await inTemporal(client)),
      await metricsAt('the metrics of the worker', `http://127.0.0.1:${ports.worker}/metrics`),
      await metricsAt('the metrics of the intake', new URL('/metrics', environment.INTAKE_URL).href),
      filed('the log of the worker', [join(practice.dir, 'logs', 'worker.log')]),
      filed('the log of the intake', [join(practice.dir, 'logs', 'intake.log')]),
      filed('the log of Temporal', [join(practice.dir, 'temporal', 'temporal.log')]),
      filed('the artifact store', filesBelow(environment.ARTIFACTS ?? '')),
      filed('messages to people', [environment.MESSAGES ?? '']),
      filed('the database, as a file', globSync(`${database}*`)),
      { name: 'the database, by its cells', pieces: cellsOf(database) },
    ];
  } finally {
    await connection.close();
  }
}

async function inTemporal(client: Client): Promise<Place[]> {
  const [histories, asJson, metadata]: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    histories.push(History.encode(history).finish());
    asJson.push(bytes(historyToJSON(history)));
    metadata.push(DescribeWorkflowExecutionResponse.encode((await handle.describe()).raw).finish());
    for (const query of queries) metadata.push(bytes(JSON.stringify(await handle.query(query).catch(String))));
  }
  return [
    { name: 'histories', pieces: histories },
    { name: 'histories as JSON', pieces: asJson },
    { name: 'what the Temporal UI shows', pieces: metadata },
  ];
}

/** A value that lies on several pages of the file is one here. */
function cellsOf(file: string): Uint8Array[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    const rows = tables.flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all());
    return rows.flatMap(row =>
      Object.values(row).flatMap(value => {
        if (typeof value === 'string') return [bytes(value)];
        return value instanceof Uint8Array ? [value] : [];
      }),
    );
  } finally {
    database.close();
  }
}
