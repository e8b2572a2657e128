/** One of the two that are compared on a real server: its worker, and the incidents that are opened on it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { type Running, startProcess } from '../../lab/process.ts';
import type { Temporal } from '../../lab/temporal/dev-server.ts';
import { runbook, workflowIdOf } from '../../workflows/catalog/index.ts';
import { pairs } from '../../workflows/kit/incident/starting.ts';
import { searchAttributeNames, type Start } from '../../workflows/contract/index.ts';
import { aStart, anAlert } from '../support/rehearsing.ts';
import { theCause, theWayBack } from './outage.ts';

/** Open at the same time. */
const incidents = 8;
const outage = { ...runbook('dynex-outage'), workflow: 'dynexOutage' };
/** An hour is a second. */
const pace = 1 / 3600;

export class Side {
  private readonly name: string;
  private readonly client: Client;
  private readonly worker: Running;
  private readonly temporal: Temporal;
  private opened = 0;

  private constructor(name: string, client: Client, worker: Running, temporal: Temporal) {
    this.name = name;
    this.client = client;
    this.worker = worker;
    this.temporal = temporal;
  }

  static async start(name: string, bundle: string, dir: string, temporal: Temporal): Promise<Side> {
    const { address, namespace } = temporal;
    const client = new Client({ connection: await Connection.connect({ address }), namespace });
    const worker = await startProcess({
      name: `The worker of ${name}`,
      command: process.execPath,
      args: [join(import.meta.dirname, 'worker.ts'), bundle, address, namespace, name],
      log: join(dir, `${name}.log`),
    });
    return new Side(name, client, worker, temporal);
  }

  async stop() {
    await this.client.connection.close();
    await this.worker.stop();
  }

  /** CPU time of server and worker for some incidents from beginning to end, in clock ticks; without what both take at rest. */
  async cpuOfARound(): Promise<number> {
    await this.rest();
    const idle = await this.cpuAtRest();
    const [before, began] = [this.cpu(), Date.now()];
    const handles = await Promise.all(Array.from({ length: incidents }, () => this.open()));
    for (const decision of [theCause, theWayBack]) {
      await this.rest();
      await Promise.all(handles.map(handle => handle.signal('decide', decision)));
    }
    await this.rest();
    await Promise.all(handles.map(handle => handle.signal('alert', anAlert({ status: 'resolved' }))));
    await Promise.all(handles.map(handle => handle.result()));
    return this.cpu() - before - idle * (Date.now() - began);
  }

  private open() {
    this.opened += 1;
    const cluster = `${this.name}-${this.opened}`;
    const start: Start = { ...aStart(anAlert({ labels: { cluster } }), pace), attributes: [...searchAttributeNames] };
    return this.client.workflow.signalWithStart(outage.workflow, {
      workflowId: workflowIdOf(outage, start.alert.labels['cluster'] ?? ''),
      taskQueue: this.name,
      args: [start],
      signal: 'alert',
      signalArgs: [start.alert],
      typedSearchAttributes: pairs(start.attributes ?? [], {
        RunbookState: 'triggered',
        RunbookSeverity: outage.severity,
        RunbookCluster: cluster,
      }),
    });
  }

  /** Until both have next to nothing to do: every incident waits for people. Asking them would cost what is measured. */
  private async rest() {
    for (let calm = 0, last = this.cpu(); calm < 3; ) {
      await pause(200);
      const now = this.cpu();
      calm = now - last <= 2 ? calm + 1 : 0;
      last = now;
    }
  }

  /** Clock ticks a millisecond. */
  private async cpuAtRest(): Promise<number> {
    const [before, began] = [this.cpu(), Date.now()];
    await pause(1500);
    return (this.cpu() - before) / (Date.now() - began);
  }

  private cpu = () => ticksOf(this.temporal.pid) + ticksOf(this.worker.pid);
}

/** User and system time of a process, all its threads, in clock ticks of a hundredth of a second. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return Number(user) + Number(system);
}
