/** The parts of a platform description that a platform may lack, one file each. */

import { access } from './access.ts';
import { gateway } from './gateway.ts';
import { quantum } from './quantum.ts';

export const sections = { access, gateway, quantum };
