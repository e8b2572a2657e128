/** The engine on a real API server: each suite begins on the platform as it was at first. */

import { after } from 'node:test';
import { stopSharedStage } from '../shared-stage.ts';
import { endsSuite } from './ends.ts';
import { kubernetesTargetsSuite } from './kubernetes-targets.ts';
import { obstaclesSuite } from './obstacles.ts';
import { otherHoldersSuite } from './other-holders.ts';
import { ownersSuite } from './owners.ts';
import { recordsSuite } from './records.ts';
import { refusalsSuite } from './refusals.ts';
import { shortFailuresSuite } from './short-failures.ts';
import { standingSuite } from './standing.ts';
import { trialPodSuite } from './trial-pod.ts';

after(() => stopSharedStage());

const suites = [
  kubernetesTargetsSuite,
  trialPodSuite,
  standingSuite,
  endsSuite,
  obstaclesSuite,
  recordsSuite,
  ownersSuite,
  shortFailuresSuite,
  otherHoldersSuite,
  refusalsSuite,
];
for (const suite of suites) suite();
