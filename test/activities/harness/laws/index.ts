/** What every action is held to. */

import { onceByItsKey, planIsWhatChanges, plannedOnly } from './as-planned.ts';
import { crossesAsOneOfThree } from './faults.ts';
import { deathBetween, oneEffect } from './interrupted.ts';
import type { Law } from './law.ts';
import { eachItemOnce, listOnceByItsKey, listPlannedOnly } from './lists.ts';
import { heldBetween, movedMeanwhile } from './meanwhile.ts';
import { rolloutsAreWaitedFor } from './rollouts.ts';
import { takenBack } from './taken-back.ts';

export const laws: Law[] = [
  planIsWhatChanges,
  onceByItsKey,
  plannedOnly,
  heldBetween,
  movedMeanwhile,
  oneEffect,
  deathBetween,
  takenBack,
  crossesAsOneOfThree,
  listOnceByItsKey,
  listPlannedOnly,
  eachItemOnce,
  rolloutsAreWaitedFor,
];
