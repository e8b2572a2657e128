/** Short names of runs that alerts lately opened or joined: a run keeps its name, so of many alerts only the first asks for it. */

import { nameOf } from '../incident.ts';
import type { Server } from './server.ts';

/** Of thousands of open incidents, the oldest are asked for again. */
const most = 1_000;

export class RunNames {
  readonly #server: Server;
  readonly #kept = new Map<string, string>();

  constructor(server: Server) {
    this.#server = server;
  }

  async of(workflowId: string, runId: string): Promise<string> {
    const name = this.#kept.get(runId) ?? nameOf(await this.#server.describe({ workflowId, runId }));
    this.#kept.set(runId, name);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
    return name;
  }
}
