/** What adds, takes and moves pods, what is pinned, what is paid, and mail, one after the other: held to the laws that every change tests. */

import { mailed, paid, pinned, pods } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest([...pods, ...pinned, ...paid, ...mailed]);
