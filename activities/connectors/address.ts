/** Addresses as variables hold them. */

import { z } from 'zod';

export const webAddress = z.url({ protocol: /^https?$/, error: 'is not an http or https address' });
