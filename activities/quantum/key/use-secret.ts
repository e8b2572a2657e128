/**
 * The workloads take a key from this Secret, that of Dynex unless told: `kubectl patch deployment` of the written runbook, on all that take it, one
 * after the other, each measured before the next. Twice equals once: the reference is stated whole, and a workload that has it
 * already is not written.
 */

import type { Effect, Outcome } from '../../../workflows/contract/action.ts';
import type { Action, ActionContext, Carried, Proof, Setting } from '../../engine/action.ts';
import { workloadTarget } from '../../engine/kubernetes-targets.ts';
import { restoring } from '../../engine/restoring.ts';
import { runSetting } from '../../engine/run-setting.ts';
import { uniqueTargets } from '../../engine/target.ts';
import { toSet } from '../../engine/write.ts';
import { stopped } from '../../failures.ts';
import { usingCredentials } from '../../ipfs/use-credentials.ts';
import { credentialWorkloads, keyWorkloads, type Platform, quantumOf } from '../../platform.ts';
import { acceptance, prove, refusal } from './proof.ts';
import { keyCalled, type KeyOf, type KeyRead, type Unusable } from './secret.ts';
import { keyedNow, keyField, type KeyView, lookAtKey } from './view.ts';

interface Named {
  secret: string;
  /** Dynex unless told. */
  of?: KeyOf | 'ipfs';
}

interface View extends KeyView {
  key: KeyRead | Unusable;
}

const targets = (platform: Platform) =>
  uniqueTargets([...keyWorkloads(platform), ...credentialWorkloads(platform)].map(place => workloadTarget(place)));

export const useSecret: Action<Named> = {
  name: 'useSecret',
  byHand: ({ secret, of }, { systems, platform }) =>
    of === 'ipfs' || systems.dynex?.address ? undefined : byHand(platform, secret),
  stays: true,
  run: (input, context) =>
    input.of === 'ipfs' ? runSetting(usingCredentials, input, context) : runSetting(using, input, context),
  undo: restoring({
    targets,
    summary: 'The workloads take the former key again.',
    done: 'The former key is in use again.',
  }),
};

const using: Setting<Named, View> = {
  name: 'useSecret',
  look: async ({ secret }, { kubernetes, deps }) => ({
    ...(await lookAtKey(kubernetes, deps.platform)),
    key: await keyCalled(kubernetes, deps, secret),
  }),
  async draft(view, { secret }, { deps, call }) {
    await usable(view, deps);
    const { env, key } = quantumOf(deps.platform).key;
    if (view.workloads.length === 0)
      throw stopped(
        'NotConsumed',
        `No workload takes ${env} from a Secret, so another one changes nothing. Nothing was changed.`,
      );
    return view.workloads.flatMap(seen => {
      const values = { [keyField(seen.workload, deps.platform)]: `${secret}/${key}` };
      return toSet(keyedNow(seen), values, { action: 'useSecret', key: call.key });
    });
  },
  words: (view, { secret }, { deps: { platform } }, writes) => ({
    summary: `The Dynex key comes from Secret ${secret}.`,
    consequences: [
      ...(writes.length > 0 ? [inOrder(writes.map(({ target }) => target.name))] : []),
      ...view.others.map(({ name }) => `${name} is not affected: it does not take ${quantumOf(platform).key.env} from a Secret.`),
    ],
    restsOn: 'digest' in view.key ? [{ what: 'key, digest', value: view.key.digest }] : [],
    done: `The workloads take the Dynex key from Secret ${secret}.`,
    nothing: { note: `The workloads took the Dynex key from Secret ${secret} already: nothing was changed.`, measured: true },
  }),
  asks: async () => 'A specialist approves which workloads restart with another key.',
  preconditions: async ({ key }, _, { deps }) => [
    'type' in key ? { verdict: 'faulty', evidence: key.text } : await acceptance(key, deps),
  ],
  inTurn: {
    prove: (target, view, context) => proofOf(target.name, view, context),
    failed: fault =>
      `Switching to the new Secret failed: ${fault} All workloads were switched back. Fix what failed, then retry.`,
  },
  measure: (view, { secret }, context, carried) => measured(view, secret, context, carried),
};

/** The key itself is tried before anything is planned. */
async function usable({ key }: View, deps: ActionContext['deps']): Promise<void> {
  if ('type' in key) throw stopped(key.type, `${key.text} Nothing was changed.`);
  const refused = await refusal(key, deps);
  if (refused === undefined) return;
  throw stopped('Refused', `${refused} Nothing was changed: put a key there that it accepts, then retry.`);
}

const inOrder = (names: string[]) =>
  `One after the other: ${names.join(', ')}. Each is measured before the next; where one fails, all take the former key again.`;

async function proofOf(name: string, { workloads, key }: View, context: ActionContext): Promise<Proof> {
  const seen = workloads.find(({ workload }) => workload.name === name);
  if ('type' in key) return { fault: key.text, text: key.text, whole: false };
  return seen ? prove(seen.workload, key, context) : { text: `${name} is gone.`, whole: false };
}

async function measured(view: View, secret: string, context: ActionContext, { writes, proofs }: Carried): Promise<Effect> {
  const seen: Proof[] = [...proofs];
  if (writes.length === 0) for (const { workload } of view.workloads) seen.push(await proofOf(workload.name, view, context));
  const isFaulty = seen.some(({ fault }) => fault !== undefined);
  const word = isFaulty ? 'none' : seen.every(({ whole }) => whole) ? 'whole' : 'part';
  const text = [...seen.map(({ text }) => text), ...(isFaulty ? [] : [`Dynex accepts the key in ${secret}.`])].join(' ');
  return { measured: word, text };
}

/** Where no one can ask Dynex about the key, people restart what takes it. */
function byHand(platform: Platform, secret: string): Outcome {
  const { env, key } = quantumOf(platform).key;
  const lines = keyWorkloads(platform).map(({ namespace, name, container }) => {
    const variable = { name: env, valueFrom: { secretKeyRef: { name: secret, key } } };
    const patch = { spec: { template: { spec: { containers: [{ name: container, env: [variable] }] } } } };
    return `kubectl -n ${namespace} patch deployment ${name} -p '${JSON.stringify(patch)}'`;
  });
  const because = 'Dynex is not connected, so it is not known whether Dynex accepts the key: set DYNEX_API_URL';
  return { byHand: { system: 'Dynex', paste: lines.join('\n'), because } };
}
