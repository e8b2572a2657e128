/** The circuit breaker, the share, the way back and the status page: held to every law, at each place where something may happen. */

import { breaker } from '../../activities/harness/cases/index.ts';
import { heldByVerify } from '../../activities/harness/held-to.ts';

heldByVerify(breaker);
