/** What adds, takes and moves pods, what is paid, and mail, one after the other: held to every law, at each place where something may happen. */

import { mailed, paid, pods } from '../../activities/harness/cases/index.ts';
import { heldByVerify } from '../../activities/harness/held-to.ts';

heldByVerify([...pods, ...paid, ...mailed]);
