/** The parts of a platform description that a platform may lack, one file each. */

import { access } from './access.ts';
import { billing } from './billing.ts';
import { gateway } from './gateway.ts';
import { ipfs } from './ipfs.ts';
import { quantum } from './quantum.ts';

export const sections = { access, billing, gateway, ipfs, quantum };
