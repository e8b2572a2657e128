/** The check for changes of ours that still stand: their records are on the objects that may carry them. Reads only, and the same for every action. */

import { isTryOf, type TakeBack, type Target, targetName } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { StandingFacts } from '../facts.ts';
import type { Platform } from '../platform.ts';
import type { Action } from './action.ts';
import { type Holder, holdersIn, recordName } from './holders.ts';
import { recordsOn } from './records-on.ts';
import { targetId, uniqueTargets } from './target.ts';

/** An action by its name, as far as its records go; nothing where this version does not know it. */
export type FindAction = (name: string) => Pick<Action<never>, 'undo' | 'stays'> | undefined;

/** Receipts say what was changed; a try without one may have changed something all the same, under a key that begins with that of its step. */
export interface StandingInput {
  changes: TakeBack[];
  tried?: { action: string; key: string }[];
}

export async function checkStanding(
  deps: Pick<Deps, 'systems' | 'platform'>,
  find: FindAction,
  { changes, tried = [] }: StandingInput,
): Promise<Finding<StandingFacts>> {
  const { platform } = deps;
  const ofTried = tried.flatMap(({ action }) => undoTargets(action, find, platform));
  const targets = uniqueTargets([...changes.flatMap(change => mayCarry(change, find, platform)), ...ofTried]);
  const read = await Promise.all(targets.map(async target => [targetId(target), await answerOf(deps, target)] as const));
  const answers = new Map(read);
  const isNew = ({ key }: Holder) => !changes.some(change => change.key === key) && tried.some(one => isTryOf(key, one.key));
  const found = targets.flatMap(target =>
    holdersOn(answers.get(targetId(target)))
      .filter(isNew)
      .map(({ action, key }): TakeBack => ({ action, key, target, words: action })),
  );
  const all = new Map([...changes, ...found.toReversed()].map(change => [change.key, change]));
  const seen = [...all.values()].map(change => seenOf(change, find, platform, answers));
  // A try may have left its record where nothing can be read.
  const unread = ofTried.map(target => answers.get(targetId(target))).filter(answer => answer instanceof SystemError);
  const finding = findingOf(seen, unread);
  const named = found.filter(one => all.get(one.key) === one);
  if (named.length > 0) finding.facts.found = named;
  return finding;
}

const holdersOn = (answer: Answer | undefined) =>
  answer === undefined || answer instanceof SystemError ? [] : holdersIn(answer);

/** The object that the receipt names, and all that its action may touch. */
const mayCarry = ({ action, target }: TakeBack, find: FindAction, platform: Platform): Target[] => [
  target,
  ...undoTargets(action, find, platform),
];

function undoTargets(action: string, find: FindAction, platform: Platform): Target[] {
  const undo = find(action)?.undo;
  return typeof undo === 'object' ? undo.targets(platform) : [];
}

type Answer = Record<string, string> | SystemError;

const answerOf = (deps: Pick<Deps, 'systems'>, target: Target): Promise<Answer> =>
  recordsOn(deps, target).catch((error: unknown) => {
    if (error instanceof SystemError) return error;
    throw error;
  });

interface Seen {
  change: TakeBack;
  /** Why it keeps no incident open, for people. */
  stays: 'until people decide' | 'until its end' | undefined;
  /** Carry its record now. */
  on: Target[];
  unread: SystemError[];
}

function seenOf(change: TakeBack, find: FindAction, platform: Platform, answers: Map<string, Answer>): Seen {
  const targets = uniqueTargets(mayCarry(change, find, platform));
  const stays = find(change.action)?.stays;
  const answerAt = (target: Target) => answers.get(targetId(target)) ?? {};
  return {
    change,
    stays: stays === true ? 'until people decide' : stays,
    on: targets.filter(target => carries(answerAt(target), change.key)),
    unread: targets.map(answerAt).filter(answer => answer instanceof SystemError),
  };
}

const carries = (answer: Answer, key: string) => !(answer instanceof SystemError) && answer[recordName(key)] !== undefined;

function findingOf(seen: Seen[], unreadOfTried: SystemError[]): Finding<StandingFacts> & { facts: StandingFacts } {
  const carried = seen.filter(({ on }) => on.length > 0);
  const standing = carried.filter(({ stays }) => stays === undefined);
  const staying = carried.filter(({ stays }) => stays !== undefined);
  const unread = [...seen.filter(({ on }) => on.length === 0).flatMap(({ unread }) => unread), ...unreadOfTried];
  const evidence = [
    ...standing.map(({ change, on }) => `Still in effect: “${change.words}” (${namesOf(on)}).`),
    ...staying.map(({ change, on, stays }) => `“${change.words}” (${namesOf(on)}) stays ${stays}.`),
    ...new Set(unread.map(({ message }) => `Not checked: ${message}.`)),
  ];
  const facts: StandingFacts = { standing: keysOf(standing) };
  if (staying.length > 0) facts.staying = keysOf(staying);
  return {
    verdict: standing.length > 0 ? 'faulty' : unread.length > 0 ? 'unknown' : 'healthy',
    evidence: evidence.join(' ') || 'No change of this incident is still in effect.',
    facts,
  };
}

const keysOf = (seen: Seen[]) => seen.map(({ change }) => change.key);
const namesOf = (targets: Target[]) => targets.map(targetName).join(', ');
