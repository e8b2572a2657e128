/** What adds, takes and moves pods, one after the other: held to the laws that every change tests. */

import { pods } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest(pods);
