/** One namespace of a Temporal server, as Temporal's own variables and profiles name it. */

import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { configured, meaning } from '../answer.ts';
import type { Environment } from '../environment.ts';
import { present, taskQueue } from '../environment.ts';

/** Milliseconds that one request may take. */
const patience = 5_000;

export interface Execution {
  workflowId: string;
  /** If absent, the newest of its id is meant. */
  runId?: string;
}

export class Server {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly #address: string;
  readonly #connects: boolean;

  /** Connects at the first request. @param connectWithin milliseconds that its first answer may take; absent: as long as the request */
  constructor(environment: Environment, connectWithin?: number) {
    const config = configured(() => loadClientConnectConfig({ overrideEnvVars: present(environment) }));
    this.namespace = config.namespace ?? 'default';
    this.#address = config.connectionOptions.address ?? 'localhost:7233';
    this.taskQueue = taskQueue(environment);
    this.connection = configured(() => Connection.lazy({ ...config.connectionOptions, connectTimeout: connectWithin }));
    this.#connects = connectWithin !== undefined;
    this.client = new Client({ connection: this.connection, namespace: this.namespace });
  }

  close = () => this.connection.close();
  handle = ({ workflowId, runId }: Execution) => this.client.workflow.getHandle(workflowId, runId);
  describe = (execution: Execution) => this.ask(() => this.handle(execution).describe());

  /** Rejects with `Refused` or `TemporalUnreachable`, or with what the workflow itself answered. */
  async ask<T>(request: () => Promise<T>, within = patience): Promise<T> {
    try {
      if (this.#connects) await this.connection.ensureConnected();
      return await this.client.withDeadline(Date.now() + within, request);
    } catch (error) {
      throw meaning(error, this.#address);
    }
  }
}
