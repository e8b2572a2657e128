/** A draft tried before anything is written: by the API server's dry run, then as the pods that it would start. */

import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from './action.ts';
import { admit, isUntried, type Newcomer, untriedText } from './admission.ts';
import { rolls } from './fields.ts';
import { readObject, type Served, snapshotOf, tryWrite } from './kubernetes-targets.ts';
import { refuseOwned, refusePaused } from './ownership.ts';
import { readWorkload } from './rollout.ts';
import { startsPods } from './rolling.ts';
import type { Snapshot } from './target.ts';
import type { Write } from './write.ts';

export interface Tried {
  writes: Write[];
  /** What nobody could try, quoted: people are asked then. */
  untried: string[];
}

interface How {
  /** Whether something of the change is written already. */
  begun: boolean;
  /** One rollout after the other, so that each surges by itself. */
  inTurn: boolean;
}

/** The writes with the API server's own answers. @throws `NotAdmitted`, `Refused`, SystemError */
export async function tried(writes: Write[], context: ActionContext, { begun, inTurn }: How): Promise<Tried> {
  const served = await Promise.all(writes.map(write => dryRun(write, context)));
  const newcomers = (await Promise.all(served.map(one => newcomersOf(one, context)))).flat();
  const asking = { kubernetes: context.kubernetes, platform: context.deps.platform, begun };
  const untried = served.flatMap(one => one.untried ?? []);
  for (const group of inTurn ? newcomers.map(one => [one]) : [newcomers]) untried.push(...(await admit(group, asking)));
  return { writes: served.map(({ write }) => write), untried };
}

type Tested = Served & { untried?: string };

async function dryRun(write: Write, { kubernetes, deps }: ActionContext): Promise<Tested> {
  const { target, edits } = write;
  if (target.system !== 'kubernetes' || edits.length === 0) return { write, template: undefined };
  const object = await readObject(kubernetes, target);
  refuseOwned(target, object);
  refusePaused(target, object, edits, field => rolls(target.kind, field));
  try {
    return await tryWrite(kubernetes, deps.systems.artifacts, withTemplate(write, snapshotOf(target, object)));
  } catch (error) {
    if (!(error instanceof SystemError && isUntried(error))) throw error;
    return { write, template: undefined, untried: untriedText(error) };
  }
}

const withTemplate = (write: Write, { template }: Snapshot): Write =>
  startsPods(write) && template !== undefined ? { ...write, template: { from: template, to: template } } : write;

/** Pods that a rollout or a further replica would start. */
async function newcomersOf({ write, template }: Served, { kubernetes }: ActionContext): Promise<Newcomer[]> {
  const more = addedReplicas(write);
  if (!template || (!startsPods(write) && more <= 0)) return [];
  const deployment = await readWorkload(kubernetes, write.target);
  return [{ rolled: { target: write.target, deployment }, template, ...(!startsPods(write) && { more }) }];
}

function addedReplicas({ edits }: Write): number {
  const edit = edits.find(({ field }) => field === 'replicas');
  return edit ? Number(edit.after) - Number(edit.before) : 0;
}
