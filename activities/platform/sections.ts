/** The parts of a platform description that a platform may lack, one file each. */

import { billing } from './billing.ts';
import { quantum } from './quantum.ts';

export const sections = { quantum, billing };
