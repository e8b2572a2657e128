/** What is changed on workloads: held to the laws that every change tests. */

import { workloads } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest(workloads);
