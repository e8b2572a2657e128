/** What adds, takes and moves pods, what is pinned, and what is paid, one after the other: held to the laws that every change tests. */

import { paid, pinned, pods } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest([...pods, ...pinned, ...paid]);
