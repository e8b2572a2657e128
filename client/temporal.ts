/** Everything the client asks of Temporal; the only file here that imports its client. */

import { Client, Connection, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Written } from '../workflows/catalog/index.ts';
import { runbooks, workflowIdOf } from '../workflows/catalog/index.ts';
import type { Alert, Decision, Start } from '../workflows/contract/index.ts';
import { aboutAttributes, configured, meaning } from './answer.ts';
import type { TakeBackStart } from '../workflows/take-back.ts';
import { sha256 } from '../activities/connectors/artifacts.ts';
import { attributesOf } from './attributes.ts';
import type { Environment } from './environment.ts';
import { present, taskQueue } from './environment.ts';
import { Refused, TemporalUnreachable } from './errors.ts';
import type { Listed, Opened, Saying, Told } from './incident.ts';
import { listed, nameOf, newestFirst } from './incident.ts';
import { meant } from './names.ts';
import type { FailedTask } from './progress.ts';
import { lastFailed } from './progress.ts';
import { verdicted } from './report.ts';
import { sentence } from './sentence.ts';

/** Milliseconds that one request may take, and that what people say waits for a worker. */
const patience = { request: 5_000, answer: 10_000 };

const types = () => [...runbooks.flatMap(({ workflow }) => workflow ?? []), 'takeBack'].map(type => `'${type}'`);
const idFor = (runbook: Written, { labels }: Alert) => workflowIdOf(runbook, labels['cluster'] ?? '');
const ours = () => `WorkflowType IN (${types().join(', ')})`;

/** Every method rejects with `TemporalUnreachable` when no usable answer came in time. */
export class Temporal {
  readonly #client: Client;
  readonly #namespace: string;
  readonly #taskQueue: string;
  readonly #address: string;
  /** False once the server has said that it does not know our search attributes. */
  #attributes = true;

  /** Connects at the first request, by Temporal's own variables and profiles. */
  constructor(environment: Environment) {
    const config = configured(() => loadClientConnectConfig({ overrideEnvVars: present(environment) }));
    this.#namespace = config.namespace ?? 'default';
    this.#address = config.connectionOptions.address ?? 'localhost:7233';
    this.#taskQueue = taskQueue(environment);
    const connection = configured(() => Connection.lazy(config.connectionOptions));
    this.#client = new Client({ connection, namespace: this.#namespace });
  }

  close = () => this.#client.connection.close();

  /** Resolves when the namespace answers. */
  async ready(): Promise<void> {
    await this.#ask(() => this.#client.workflowService.describeNamespace({ namespace: this.#namespace }));
  }

  /** Durable once it resolves, without a worker. Rejects with `Refused` when the server will never accept it. */
  async openOrJoin(runbook: Written, start: Start, workflowId = idFor(runbook, start.alert)): Promise<Opened> {
    const runId = await this.#withAttributes(attributesOf(runbook, start.alert), async typedSearchAttributes => {
      const handle = await this.#client.workflow.signalWithStart(runbook.workflow, {
        workflowId,
        taskQueue: this.#taskQueue,
        args: [start],
        signal: 'alert',
        signalArgs: [start.alert],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: sentence(start.alert),
        memo: { incident: start.name },
        typedSearchAttributes,
      });
      return handle.signaledRunId;
    });
    const name = nameOf(await this.#describe({ workflowId, runId }));
    return { result: name === start.name ? 'opened' : 'joined', incident: name, workflowId };
  }

  /** True if there was an open incident to tell. */
  async resolve(runbook: Written, alert: Alert): Promise<boolean> {
    const handle = this.#handle({ workflowId: idFor(runbook, alert) });
    return this.#ask(() => handle.signal('alert', alert)).then(() => true, falseIfClosed);
  }

  /** Newest first; open ones only, unless all are asked for. */
  async list({ all = false } = {}): Promise<Listed[]> {
    const query = `${ours()} AND ${all ? "ExecutionStatus != 'ContinuedAsNew'" : "ExecutionStatus = 'Running'"}`;
    const found: Listed[] = [];
    await this.#ask(async () => {
      for await (const info of this.#client.workflow.list({ query })) found.push(listed(info));
    });
    return newestFirst(found);
  }

  /** By short name, workflow id, or the beginning of one. Rejects with `NotFound` or `Usage`. */
  find = async (text: string): Promise<Listed> => meant(await this.list({ all: true }), text);

  /** First execution run id: what every key of the incident begins with. */
  async idOf(incident: Listed): Promise<string> {
    const { raw } = await this.#describe(incident);
    return raw.workflowExecutionInfo?.firstRunId || incident.runId;
  }

  /** The record as it was answered: open incidents are asked, closed ones have their result. */
  read(incident: Listed): Promise<unknown> {
    const handle = this.#handle(incident);
    return this.#ask(() => (incident.status === 'COMPLETED' ? handle.result() : handle.query('report')));
  }

  decide = (incident: Listed, decision: Decision) => this.#tell(incident, 'decide', decision);
  acknowledge = (incident: Listed, by: string) => this.#tell(incident, 'acknowledge', { by });
  say = (incident: Listed, { kind, ...said }: Saying) => this.#tell(incident, kind, said);
  cancel = (incident: Listed, said: { by: string; reason: string; falseAlarm?: true }) => this.#signal(incident, 'cancel', said);
  release = (incident: Listed, by: string) => this.#signal(incident, 'release', { by });

  /** Starts to take back one change, or joins who already does; who ordered it commands it. */
  async takeBack(input: TakeBackStart, by: string): Promise<Listed> {
    const workflowId = `take-back:${sha256(input.takeBack.key)}`;
    await this.#ask(() =>
      this.#client.workflow.signalWithStart('takeBack', {
        workflowId,
        taskQueue: this.#taskQueue,
        args: [input],
        signal: 'acknowledge',
        signalArgs: [{ by }],
        staticSummary: `Undo: ${input.title}`,
        memo: { incident: input.name },
      }),
    );
    return this.again({ workflowId });
  }

  /** As it is now; without a run, the newest of its id. */
  again = async (execution: { workflowId: string; runId?: string }): Promise<Listed> => listed(await this.#describe(execution));
  #handle = ({ workflowId, runId }: { workflowId: string; runId?: string }) => this.#client.workflow.getHandle(workflowId, runId);
  #describe = (execution: { workflowId: string; runId?: string }) => this.#ask(() => this.#handle(execution).describe());

  async #ask<T>(request: () => Promise<T>, within = patience.request): Promise<T> {
    try {
      return await this.#client.withDeadline(Date.now() + within, request);
    } catch (error) {
      throw meaning(error, this.#address);
    }
  }

  async #withAttributes<T>(attributes: SearchAttributePair[], request: (given: SearchAttributePair[]) => Promise<T>) {
    try {
      return await this.#ask(() => request(this.#attributes ? attributes : []));
    } catch (error) {
      if (!this.#attributes || !aboutAttributes(error)) throw error;
      this.#attributes = false;
      return this.#ask(() => request([]));
    }
  }

  /** As an update, which is answered; as a signal, which always arrives, when no worker answers in time. */
  async #tell(incident: Listed, name: string, said: object): Promise<Told> {
    const update = (run: Listed) => this.#ask(() => this.#handle(run).executeUpdate(name, { args: [said] }), patience.answer);
    try {
      return verdicted.parse(await this.#whereItGoesOn(incident, update));
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw new Refused(String(error.cause ?? error), { cause: error });
      if (!(error instanceof TemporalUnreachable)) throw error;
      await this.#signal(incident, name, said);
      return 'sent';
    }
  }

  #signal = (incident: Listed, name: string, said: object): Promise<void> =>
    this.#whereItGoesOn(incident, run => this.#ask(() => this.#handle(run).signal(name, said)));

  /** An incident may roll over between being found and being told: then the run is told that goes on. */
  async #whereItGoesOn<T>(incident: Listed, tell: (run: Listed) => Promise<T>): Promise<T> {
    try {
      return await tell(incident);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const { workflowId, runId, name } = incident;
      const next = await this.again({ workflowId });
      if (next.name === name && next.open && next.runId !== runId) return this.#whereItGoesOn(next, tell);
      throw new Refused(`${name} is closed: it takes no more messages.`);
    }
  }

  /** The workflow task that fails and is being repeated, if one is. */
  async failedTask(incident: Listed): Promise<FailedTask | undefined> {
    const { raw } = await this.#describe(incident);
    if ((raw.pendingWorkflowTask?.attempt ?? 0) < 2) return undefined;
    const wanted = { namespace: this.#namespace, execution: raw.workflowExecutionInfo?.execution, maximumPageSize: 20 };
    const { history } = await this.#ask(() => this.#client.workflowService.getWorkflowExecutionHistoryReverse(wanted));
    return lastFailed(history?.events ?? []);
  }

  /** How many workers ask for its workflow tasks. One that went away still counts for five minutes. */
  async workers({ taskQueue }: Listed): Promise<number> {
    const wanted = { namespace: this.#namespace, taskQueue: { name: taskQueue } };
    return (await this.#ask(() => this.#client.workflowService.describeTaskQueue(wanted))).pollers.length;
  }
}

const falseIfClosed = (error: unknown) => (error instanceof WorkflowNotFoundError ? false : Promise.reject(error));
