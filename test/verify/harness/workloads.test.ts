/** What is changed on workloads: held to every law, at each place where something may happen. */

import { workloads } from '../../activities/harness/cases/index.ts';
import { heldByVerify } from '../../activities/harness/held-to.ts';

heldByVerify(workloads);
