/** What adds, takes and moves pods, and what is pinned, one after the other: held to the laws that every change tests. */

import { pinned, pods } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest([...pods, ...pinned]);
