/** Incidents, operations and take-backs of the namespace, whatever this process knows of their runbooks. */

import type { Listed } from '../incident.ts';
import { kinds, listed, newestFirst } from '../incident.ts';
import { meant } from '../names.ts';
import type { Server } from './server.ts';

const beginsWith = (...beginnings: string[]) =>
  `(${beginnings.map(beginning => `WorkflowId STARTS_WITH '${beginning}'`).join(' OR ')})`;
/** A run that rolled over is not an incident of its own. */
const wholes = "ExecutionStatus != 'ContinuedAsNew'";

export const listAll = (server: Server): Promise<Listed[]> => found(server, `${beginsWith(...kinds)} AND ${wholes}`);
export const listOpen = (server: Server): Promise<Listed[]> =>
  found(server, `${beginsWith(...kinds)} AND ExecutionStatus = 'Running'`);

/** Open ones of ours that no one commands: of notices, Watchdogs, acknowledgements, and the next incident of an alert. */
export const listBeside = (server: Server): Promise<Listed[]> =>
  found(server, `${beginsWith('notice:', 'watchdog:', 'acknowledge:', 'next:')} AND ExecutionStatus = 'Running'`);

/** By short name, workflow id, or the beginning of one, or by run id. The whole list is asked only where nothing begins so. */
export async function find(server: Server, text: string): Promise<Listed> {
  const run = isRunId(text) ? await ofRun(server, text) : undefined;
  if (run) return run;
  const near = /^[\w:.-]+$/.test(text) ? await nearby(server, text) : [];
  return meant(near.length > 0 ? near : await listAll(server), text);
}

const nearby = async (server: Server, text: string): Promise<Listed[]> =>
  matching(await found(server, `${beginsWith(...beginningsOf(text))} AND ${wholes}`), text);

/** One that rolled over stands for its incident. */
async function ofRun(server: Server, runId: string): Promise<Listed | undefined> {
  const { run, runs } = await runsLike(server, runId);
  return runs.find(one => one.runId === runId) ?? runs.find(({ name }) => name === run?.name);
}

/** A run, and the whole incidents under its workflow id, newest first. */
async function runsLike(server: Server, runId: string) {
  const [run] = await found(server, `RunId = '${runId}'`);
  return { run, runs: run ? await found(server, `WorkflowId = '${run.workflowId}' AND ${wholes}`) : [] };
}

/** First execution run id. */
export async function idOf(server: Server, incident: Listed): Promise<string> {
  const { raw } = await server.describe(incident);
  return raw.workflowExecutionInfo?.firstRunId || incident.runId;
}

/** By first run id: the newest run of its name. The first run of an incident that is open for long may be forgotten already. */
export async function findById(server: Server, id: string): Promise<Listed | undefined> {
  if (!isRunId(id)) return undefined;
  const { run, runs } = await runsLike(server, id);
  return run ? (runs.find(({ name }) => name === run.name) ?? run) : openById(server, id);
}

async function openById(server: Server, id: string): Promise<Listed | undefined> {
  const open = await listOpen(server);
  const ids = await Promise.all(open.map(incident => idOf(server, incident)));
  return open[ids.indexOf(id)];
}

const isRunId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const matching = (near: Listed[], text: string) =>
  near.some(({ name, workflowId }) => name.startsWith(text) || workflowId.startsWith(text)) ? near : [];

/** Of workflow ids: a short name is that of the incident, and the day, and four letters. */
function beginningsOf(text: string): string[] {
  if (kinds.some(kind => text.startsWith(kind))) return [text];
  const slug = text.replace(/-\d{1,8}(-[^-]{0,4})?$/, '');
  return slug === 'take-back' ? ['take-back:'] : [`incident:${slug}`, `operation:${slug}`];
}

/** Newest first. */
async function found(server: Server, query: string): Promise<Listed[]> {
  const executions: Listed[] = [];
  await server.ask(async () => {
    for await (const info of server.client.workflow.list({ query })) executions.push(listed(info));
  });
  return newestFirst(executions);
}
