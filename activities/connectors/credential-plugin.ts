/** A credential plugin of a kubeconfig (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins), bounded in time. */

import { spawn } from 'node:child_process';
import { z } from 'zod';
import { jsonOf } from './http.ts';
import { quoted } from './system-error.ts';

export const pluginSchema = z.looseObject({
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
});
export type Plugin = z.infer<typeof pluginSchema>;

const answered = z.looseObject({
  status: z.looseObject({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});
export type Credential = z.infer<typeof answered>['status'];

/** Milliseconds for one run: less than a call of the API server may take, so that people read the reason. */
export const pluginWithin = 8_000;
const mostBytes = 1_048_576;

/** Runs it without a terminal. It is killed with all that it started when its time is over. */
export async function credentialOf(plugin: Plugin, within = pluginWithin): Promise<Credential> {
  const name = `The credential plugin ${quoted(plugin.command)}`;
  const { code, stdout, stderr } = await run(plugin, name, within);
  if (code !== 0) throw new Error(`${name} failed: ${quoted(stderr) || `exit code ${code}`}`);
  const { data } = answered.safeParse(jsonOf(stdout));
  if (!data) throw new Error(`${name} answered with no ExecCredential`);
  return data.status;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run({ command, args, env, apiVersion }: Plugin, name: string, within: number): Promise<Ended> {
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const child = spawn(command, args ?? [], {
    env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: info },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = () => killAll(child.pid);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] = (said[stream] + text).slice(0, mostBytes)));
  process.once('exit', kill);
  return new Promise<Ended>((settle, fail) => {
    const timer = setTimeout(() => fail(new Error(`${name} gave no answer within ${within / 1000} s`)), within);
    child.once('error', error => fail(new Error(`${name} cannot be started: ${error.message}`)));
    child.once('close', code => settle({ code, ...said }));
    child.once('close', () => clearTimeout(timer));
    child.once('error', () => clearTimeout(timer));
  }).finally(() => {
    process.off('exit', kill);
    kill();
    child.stdout.destroy();
    child.stderr.destroy();
  });
}

/** Its process group: a plugin starts others. */
function killAll(pid: number | undefined) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
