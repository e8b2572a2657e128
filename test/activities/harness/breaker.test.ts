/** The circuit breaker, the share, the way back and the status page: held to the laws that every change tests. */

import { breaker } from './cases/index.ts';
import { heldByTest } from './held-to.ts';

heldByTest(breaker);
