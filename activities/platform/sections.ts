/** The parts of a platform description that a platform may lack, one file each. */

import { quantum } from './quantum.ts';

export const sections = { quantum };
