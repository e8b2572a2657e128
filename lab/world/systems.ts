/** The outside systems of the practice platform and what shape each is in: a history that is only ever written forwards. */

import { z } from 'zod';

/** By its name; which there are, the stand-ins decide. */
export type System = string;

/** The states of every system, and after them those that a system has for itself. */
export const everyone = ['healthy', 'down', 'refused', 'slow', 'garbage', 'unauthorised'] as const;
export const states = [
  ...everyone,
  'mock',
  'split',
  'unsupported',
  'busy',
  'proxied',
  'overcharging',
  'failing',
  'full',
  'misreporting',
  'maintenance',
  'sparse',
] as const;
export type State = (typeof states)[number];

/** From when on a system is in a state, in milliseconds since 1970; it may lie in the future. */
export const StateChange = z.object({ system: z.string(), state: z.enum(states), from: z.number() });
export type StateChange = z.infer<typeof StateChange>;

/** Milliseconds of real time: `after` from now, then `for` so long, then healthy again. */
export interface Wanted {
  state: State;
  after?: number | undefined;
  for?: number | undefined;
}

/** What was said last about that moment counts; a system no one spoke of is healthy. */
export const stateAt = (history: readonly StateChange[], system: System, at: number): State =>
  history.findLast(change => change.system === system && change.from <= at)?.state ?? 'healthy';

/** What is still to come of a system, earliest first. */
export const scheduled = (history: readonly StateChange[], system: System, now: number): StateChange[] =>
  history.filter(change => change.system === system && change.from > now);

/** The history with this added. It replaces what was still to come of that system, and never what has been. */
export function schedule(history: readonly StateChange[], system: System, wanted: Wanted, now: number): StateChange[] {
  const from = now + (wanted.after ?? 0);
  const kept = history.filter(change => change.system !== system || change.from <= now);
  const end = wanted.for === undefined ? [] : [{ system, state: 'healthy' as const, from: from + wanted.for }];
  return [...kept, { system, state: wanted.state, from }, ...end];
}
