/** Loaded into a worker before it begins: notes for each activity who answered its HTTP calls, in the file that `ANSWERS` names. */

import { appendFileSync } from 'node:fs';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { Context } from '@temporalio/activity';

const file = process.env['ANSWERS'];
const callers = new WeakMap<object, { workflow: string; run: string; activity: string }>();

/** The activity that calls; nothing outside of one. */
function caller() {
  try {
    const { activityId: activity, workflowExecution } = Context.current().info;
    return workflowExecution && { workflow: workflowExecution.workflowId, run: workflowExecution.runId, activity };
  } catch {
    return undefined;
  }
}

const isRequest = (message: unknown): message is { request: object } =>
  message instanceof Object && 'request' in message && message.request instanceof Object;

subscribe('undici:request:create', message => {
  const called = isRequest(message) ? caller() : undefined;
  if (called && isRequest(message)) callers.set(message.request, called);
});

function note(called: object, by = 'real') {
  if (file) appendFileSync(file, `${JSON.stringify({ ...called, by })}\n`);
}

/** Names and values take turns, as bytes. */
const headersIn = (message: unknown): string[] =>
  message instanceof Object && 'response' in message && message.response instanceof Object && 'headers' in message.response
    ? Array.from(Object.values(message.response.headers ?? {}), String)
    : [];

subscribe('undici:request:headers', message => {
  const called = isRequest(message) ? callers.get(message.request) : undefined;
  if (!called) return;
  const headers = headersIn(message);
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-answered-by');
  note(called, at < 0 ? undefined : headers[at + 1]);
});

/** Clients that bring their own way of HTTP, such as that of AWS. */
subscribe('http.client.request.start', message => {
  const called = isRequest(message) ? caller() : undefined;
  if (called && isRequest(message)) callers.set(message.request, called);
});

subscribe('http.client.response.finish', message => {
  const called = isRequest(message) ? callers.get(message.request) : undefined;
  const by = answerIn(message)?.headers['x-answered-by'];
  if (called && typeof by === 'string') note(called, by);
});

const answerIn = (message: unknown): IncomingMessage | undefined =>
  message instanceof Object && 'response' in message && message.response instanceof IncomingMessage
    ? message.response
    : undefined;
