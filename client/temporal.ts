/** Everything that this side asks of Temporal; only this file and its folder import its client. */

import { WorkflowFailedError } from '@temporalio/client';
import type { Written } from '../workflows/catalog/index.ts';
import { operationIdOf, workflowIdOf } from '../workflows/catalog/index.ts';
import type {
  Alert,
  Answered,
  MessageName,
  Messages,
  OperationStart,
  SearchAttributeName,
  Start,
  TakeBackStart,
} from '../workflows/contract/index.ts';
import { reportQuery } from '../workflows/contract/index.ts';
import { sha256 } from '../activities/connectors/artifacts.ts';
import type { Environment } from './environment.ts';
import type { Listed, Opened, Started, Told } from './incident.ts';
import { listed } from './incident.ts';
import type { FailedTask } from './progress.ts';
import { lastFailed } from './progress.ts';
import { asSummary, incidentOptions, pairs } from '../workflows/kit/incident/starting.ts';
import { KnownAttributes } from './temporal/attributes.ts';
import { find, findById, idOf, listAll, listBeside, listOpen } from './temporal/finding.ts';
import { listProgress, type ListProgress } from './temporal/list-progress.ts';
import { acknowledgePages, beginning, signal, tell } from './temporal/messages.ts';
import { falseIfClosed, notice, proveDetection, watchedDetection, type WatchedDetection } from './temporal/notices.ts';
import { RunNames } from './temporal/run-names.ts';
import { Schedules } from './temporal/schedules.ts';
import type { Execution } from './temporal/server.ts';
import { Server } from './temporal/server.ts';

const idFor = (runbook: Written, { labels }: Alert) => workflowIdOf(runbook, labels['cluster'] ?? '');

/** Every method rejects with `TemporalUnreachable` when no usable answer came in time. */
export class Temporal {
  readonly #server: Server;
  readonly #attributes: KnownAttributes;
  readonly #names: RunNames;
  readonly schedules: Schedules;

  /** Connects at the first request. @param connectWithin milliseconds; a server that is away is told then, where people wait */
  constructor(environment: Environment, connectWithin?: number) {
    this.#server = new Server(environment, connectWithin);
    this.#attributes = new KnownAttributes(this.#server);
    this.#names = new RunNames(this.#server);
    this.schedules = new Schedules(this.#server, this.#attributes);
  }

  close = () => this.#server.close();

  /** Resolves when the namespace answers. */
  async ready(): Promise<void> {
    await this.#server.ask(() => this.#server.client.workflowService.describeNamespace({ namespace: this.#server.namespace }));
  }

  /** Durable once it resolves, without a worker. Rejects with `Refused` when the server will never accept it. */
  async openOrJoin(runbook: Written, start: Start, workflowId = idFor(runbook, start.alert)): Promise<Opened> {
    const runId = await this.#attributes.startWith(async known => {
      const handle = await this.#server.client.workflow.signalWithStart(runbook.workflow, {
        workflowId,
        taskQueue: this.#server.taskQueue,
        args: [{ ...start, attributes: known }],
        ...beginning('alert', start.alert),
        workflowIdConflictPolicy: 'USE_EXISTING',
        ...incidentOptions(runbook, start, known),
      });
      return handle.signaledRunId;
    });
    const name = await this.#names.of(workflowId, runId);
    return { result: name === start.name ? 'opened' : 'joined', incident: name, workflowId };
  }

  /** One run of an operation, by a name of its own. Durable once it resolves, without a worker. */
  async startOperation(runbook: Written, name: string, start: OperationStart, cluster: string): Promise<Started> {
    const workflowId = operationIdOf(name);
    await this.#attributes.startWith(known =>
      this.#server.client.workflow.start(runbook.workflow, {
        workflowId,
        taskQueue: this.#server.taskQueue,
        args: [{ ...start, attributes: known }],
        staticSummary: asSummary(`${runbook.title}: ${start.because}`),
        memo: { incident: name },
        typedSearchAttributes: operationPairs(known, runbook, cluster),
      }),
    );
    return { operation: name, workflowId };
  }

  /** True if there was an open incident to tell. */
  async resolve(runbook: Written, alert: Alert): Promise<boolean> {
    const handle = this.#server.handle({ workflowId: idFor(runbook, alert) });
    return this.#server.ask(() => handle.signal('alert' satisfies MessageName, alert)).then(() => true, falseIfClosed);
  }

  /** Pages the first level that this alert has no runbook, once for its name and namespace; the end of an alert starts nothing. */
  notice = (alert: Alert): Promise<void> => notice(this.#server, alert);

  /** Keeps the watch on the cluster's detection quiet: its absence pages the first level. */
  proveDetection = (alert: Alert): Promise<void> => proveDetection(this.#server, alert);

  /** The Watchdogs of the clusters that sent one. */
  watchedDetection = (): Promise<WatchedDetection[]> => watchedDetection(this.#server);

  /** Newest first; open ones only, unless all are asked for. */
  list = ({ all = false } = {}): Promise<Listed[]> => (all ? listAll(this.#server) : listOpen(this.#server));

  /** Open workflows of ours that are no incident: notices, Watchdogs and the like. */
  listBeside = (): Promise<Listed[]> => listBeside(this.#server);

  /** By short name, workflow id, or the beginning of one. Rejects with `NotFound` or `Usage`. */
  find = (text: string): Promise<Listed> => find(this.#server, text);

  /** By what `idOf` gives; nothing where Temporal has it no longer. */
  byId = (id: string): Promise<Listed | undefined> => findById(this.#server, id);

  /** First execution run id: what every key of the incident begins with. */
  idOf = (incident: Listed): Promise<string> => idOf(this.#server, incident);

  /** The record as it was answered: open incidents are asked, closed ones have their result. */
  read(incident: Listed): Promise<unknown> {
    const handle = this.#server.handle(incident);
    return this.#server.ask(() => (incident.status === 'COMPLETED' ? handle.result() : handle.query(reportQuery)));
  }

  /** With which words it failed, if it did. */
  async failure(incident: Listed): Promise<string | undefined> {
    if (incident.status !== 'FAILED') return undefined;
    return this.#server.ask(() => this.#server.handle(incident).result()).then(() => undefined, wordsOf);
  }

  /** The answer of the incident; rejects with `Refused` when the incident is closed. */
  tell = <N extends Answered>(incident: Listed, name: N, said: Messages[N]): Promise<Told> =>
    tell(this.#server, incident, name, said);

  /** Always arrives; rejects with `Refused` when the incident is closed. */
  signal = <N extends MessageName>(incident: Listed, name: N, said: Messages[N]): Promise<void> =>
    signal(this.#server, incident, name, said);

  /** Where its pages were sent: how many, or nothing where that is not known yet. */
  acknowledgePages = async (incident: Listed, wait: boolean): Promise<number | undefined> =>
    acknowledgePages(this.#server, incident, { id: await this.idOf(incident), wait });

  /** Starts to take back one change, or joins who already does; who ordered it commands it. */
  async takeBack(input: TakeBackStart, by: string): Promise<Listed> {
    const workflowId = `take-back:${sha256(input.takeBack.key)}`;
    await this.#attributes.startWith(known =>
      this.#server.client.workflow.signalWithStart('takeBack', {
        workflowId,
        taskQueue: this.#server.taskQueue,
        args: [{ ...input, attributes: known }],
        ...beginning('acknowledge', { by }),
        staticSummary: `Undo: ${input.title}`,
        memo: { incident: input.name },
        typedSearchAttributes: pairs(known, { RunbookState: 'triggered' }),
      }),
    );
    return this.again({ workflowId });
  }

  /** As it is now; without a run, the newest of its id. */
  again = async (execution: Execution): Promise<Listed> => listed(await this.#server.describe(execution));

  /** The workflow task that fails and is being repeated, if one is. */
  async failedTask(incident: Listed): Promise<FailedTask | undefined> {
    const { raw } = await this.#server.describe(incident);
    if ((raw.pendingWorkflowTask?.attempt ?? 0) < 2) return undefined;
    const wanted = { namespace: this.#server.namespace, execution: raw.workflowExecutionInfo?.execution, maximumPageSize: 20 };
    const { history } = await this.#server.ask(() =>
      this.#server.client.workflowService.getWorkflowExecutionHistoryReverse(wanted),
    );
    return lastFailed(history?.events ?? []);
  }

  /** How far the lists are that its running steps go through. */
  listProgress = (incident: Listed): Promise<ListProgress[]> => listProgress(this.#server, incident);

  /** How many workers ask for its workflow tasks. One that went away still counts for five minutes. */
  async workers({ taskQueue }: Listed): Promise<number> {
    const wanted = { namespace: this.#server.namespace, taskQueue: { name: taskQueue } };
    return (await this.#server.ask(() => this.#server.client.workflowService.describeTaskQueue(wanted))).pollers.length;
  }
}

const operationPairs = (known: SearchAttributeName[], { severity }: Written, cluster: string) =>
  pairs(known, { RunbookState: 'running', RunbookSeverity: severity, RunbookCluster: cluster });

const wordsOf = (error: unknown) => (error instanceof WorkflowFailedError ? error.cause?.message : Promise.reject(error));
