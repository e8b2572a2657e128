import { mkdtempSync, rmSync } from 'node:fs';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { Temporal } from '../../client/temporal.ts';
import { Following } from '../../lab/guide/following.ts';
import { deliver, setSystem } from '../../lab/guide/outage.ts';
import { messagesSince, writesSince } from '../../lab/guide/proof.ts';
import { type Practice, type PracticeOptions, startPractice } from '../../lab/practice/start.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { eventually } from './eventually.ts';

const run = promisify(execFile);

/** Time on the practice platforms of tests: ten minutes are five seconds, the least in which enough jobs run. */
const pace = 1 / 120;

/** Whoever writes there; commands run as `you`. */
export const everyone = ['you', 'nqba-runbooks', 'bob'];

/** A whole practice platform of its own, in a folder of its own: real Temporal, real Kubernetes. */
export class Platform {
  readonly practice: Practice;
  readonly temporal: Temporal;

  private constructor(practice: Practice) {
    this.practice = practice;
    this.temporal = new Temporal(practice.environment);
  }

  static async start(
    options: Partial<
      Pick<PracticeOptions, 'rollOverAfter' | 'pace' | 'timeZone' | 'peers' | 'runbooks' | 'workerEnvironment'>
    > = {},
  ): Promise<Platform> {
    const dir = mkdtempSync(join(tmpdir(), 'nqba-practice-'));
    return new Platform(await startPractice({ dir, pace, ...options, say: line => process.stderr.write(`${line}\n`) }));
  }

  async stop() {
    await this.temporal.close();
    await this.practice.stop();
    rmSync(this.practice.dir, { recursive: true, force: true });
  }

  get environment() {
    return this.practice.environment;
  }

  set = (system: string, state: string) => setSystem(this.environment, system, state);

  deliver = (firedAt: Date, endedAt?: Date) =>
    deliver(this.environment, { firedAt, sender: 'alertmanager-0', ...(endedAt && { endedAt }) });

  async open(firedAt = new Date()): Promise<Following> {
    const { alerts } = await this.deliver(firedAt);
    const incident = alerts[0]?.incident;
    if (incident === undefined) throw new Error(`no incident: ${JSON.stringify(alerts)}`);
    return new Following(this.temporal, incident);
  }

  writes = (since: Date, users?: string[]) => writesSince(this.practice.cluster.auditLog ?? '', since, users);
  messages = (since: Date) => messagesSince(this.environment.MESSAGES ?? '', since);

  /** The usual way of an outage: the cause is answered, Dynex comes back, the way back is approved, the alert ends. */
  async seeThrough(following: Following, firedAt: Date): Promise<Report> {
    await this.bringBack(following);
    await this.deliver(firedAt, new Date());
    return following.until('closed', report => (report.state === 'closed' ? report : undefined));
  }

  /** The same, until only the end of the alert is awaited. */
  async bringBack(following: Following): Promise<void> {
    const cause = await following.asked('What is the cause?');
    await following.decide(cause.id, 'Dynex Platform Issue', 'ann');
    await this.set('dynex', 'healthy');
    const plan = await following.asked('Gradual Rollback: 100%');
    await following.decide(plan.id, 'approve', 'ann');
    await following.until('resolved', ({ state }) => (state === 'resolved' || state === 'closed' ? state : undefined));
  }

  /** Changes the hold ConfigMap as kubectl would; `undefined` deletes it. */
  async hold(data: Record<string, string | null> | undefined) {
    const config = new KubeConfig();
    config.loadFromFile(this.practice.cluster.kubeconfigs.you);
    const api = config.makeApiClient(CoreV1Api);
    const object = { name: 'nqba-runbooks', namespace: 'nqba-platform' };
    if (data === undefined) await api.deleteNamespacedConfigMap(object);
    else
      await api.patchNamespacedConfigMap(
        { ...object, body: { data } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
  }

  /** Runs one of our own commands as a user would. */
  async cli(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
    const command = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../client/cli/main.ts'), ...args];
    const env = { ...process.env, ...this.environment };
    return run(process.execPath, command, { env }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
      ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({ stdout, stderr, code }),
    );
  }

  /** Kills the worker and waits until another one works. */
  async killWorker() {
    const { pid } = this.practice.worker;
    process.kill(pid, 'SIGKILL');
    await eventually(() => assert.notEqual(this.practice.worker.pid, pid));
  }

  /** Kills Temporal itself, and waits until it answers again. */
  async killTemporal() {
    const { pid } = this.practice.temporal;
    process.kill(pid, 'SIGKILL');
    await eventually(() => assert.notEqual(this.practice.temporal.pid, pid));
    await eventually(() => this.temporal.ready());
  }

  /** What another client sends over the server's HTTP API, whatever its body is. */
  signalOverHttp(workflowId: string, name: string, body: string) {
    const { TEMPORAL_HTTP, TEMPORAL_NAMESPACE } = this.environment;
    const address = `${TEMPORAL_HTTP}/api/v1/namespaces/${TEMPORAL_NAMESPACE}/workflows/${encodeURIComponent(workflowId)}/signal/${name}`;
    return fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
}
