/** The parts of a platform description that a platform may lack, one file each. */

import { ipfs } from './ipfs.ts';
import { quantum } from './quantum.ts';

export const sections = { quantum, ipfs };
