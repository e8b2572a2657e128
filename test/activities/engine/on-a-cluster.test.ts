/** The engine on a real API server: each suite begins on the platform as it was at first. */

import { after } from 'node:test';
import { stopSharedStage } from '../shared-stage.ts';
import './kubernetes-targets.ts';
import './trial-pod.ts';
import './standing.ts';
import './ends.ts';
import './obstacles.ts';
import './records.ts';
import './owners.ts';
import './short-failures.ts';
import './other-holders.ts';
import './refusals.ts';

after(() => stopSharedStage());
