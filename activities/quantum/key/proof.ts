/** Does a workload work with its new key? Its pods are new, Dynex accepts the key, and a job of its own ran on Dynex. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { runCanary, verdictFor } from '../../canary.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { limits } from '../../limits.ts';
import type { ActionContext, Proof } from '../../engine/action.ts';
import { workloadTarget } from '../../engine/kubernetes-targets.ts';
import { rolledOut } from '../../engine/rollout.ts';
import { type PlacedWorkload, quantumOf } from '../../platform.ts';
import type { KeyRead } from './secret.ts';

/** @throws SystemError when Kubernetes does not answer; other systems' silence proves nothing, and is a fault. */
export async function prove(step: PlacedWorkload, key: KeyRead, around: ActionContext): Promise<Proof> {
  const [unfinished] = await rolledOut(around.kubernetes, [workloadTarget(step)], around.deps, around.running);
  if (unfinished !== undefined) return faulty(unfinished);
  const refused = await refusal(key, around.deps);
  if (refused !== undefined) return faulty(refused);
  const runsJobs = quantumOf(around.deps.platform).workloads.some(role => role === step.role);
  if (!runsJobs) return { text: `The pods of ${step.name} are new.`, whole: true };
  const canary = await byCanaries(step, around);
  return { ...canary, text: `The pods of ${step.name} are new. ${canary.text}` };
}

const faulty = (fault: string): Proof => ({ fault, text: fault, whole: false });

/** Why the key is not known to be good; nothing when Dynex accepts it. */
export async function refusal(key: KeyRead, deps: Deps): Promise<string | undefined> {
  const { verdict, evidence } = await acceptance(key, deps);
  return verdict === 'healthy' ? undefined : evidence;
}

/** Healthy if Dynex accepts the key; unknown where it does not say. */
export async function acceptance({ value, where, digest }: KeyRead, { systems: { dynex } }: Deps): Promise<Finding> {
  if (!dynex?.address) return unknown('Dynex is not connected, so it is not known whether Dynex accepts the key.');
  const key = `(${where}, digest ${digest})`;
  try {
    const code = await dynex.account(value);
    if (code >= 200 && code < 300) return { verdict: 'healthy', evidence: `Dynex accepts the key: ${code} ${key}.` };
    if ([401, 403].includes(code)) return { verdict: 'faulty', evidence: `Dynex refuses the key: ${code} ${key}.` };
    return unknown(`Dynex does not say that it accepts the key: ${code} ${key}.`);
  } catch (error) {
    if (error instanceof SystemError) return unknown(`Dynex does not say that it accepts the key: ${error.message}.`);
    throw error;
  }
}

const unknown = (evidence: string): Finding => ({ verdict: 'unknown', evidence });

/** The first may have been taken by a pod on its way out, with the former key. */
async function byCanaries(step: { role: string; name: string }, around: ActionContext): Promise<Proof> {
  const first = await byCanary(step, around);
  if (first.fault === undefined) return first;
  await around.deps.sleep(limits.look, around.running.signal);
  return byCanary(step, around);
}

/** A job asks for Dynex itself, since the circuit breaker may be open. */
async function byCanary({ role, name }: { role: string; name: string }, { deps, running }: ActionContext): Promise<Proof> {
  const { api } = deps.systems;
  const solver = quantumOf(deps.platform).solvers.dynex;
  if (!api) return { text: `No canary of ${name}: the NQBA API is not connected.`, whole: false };
  try {
    const result = await runCanary(api, { solver, workload: role }, deps, running);
    const text = `Canary of ${name}: ${result.text}`;
    return verdictFor(solver, result) === 'healthy' ? { text, whole: true } : faulty(text);
  } catch (error) {
    if (error instanceof SystemError) return faulty(`No canary of ${name}: ${error.message}.`);
    throw error;
  }
}
