/** Effects of what people are sent: we can measure that it was accepted, and not that it is read. */

import type { Effect } from '../workflows/contract/action.ts';

export const unread = { measured: 'nothing to measure', text: 'Accepted; not yet read by anyone.' } as const satisfies Effect;
export const unwritten = { measured: 'nothing to measure', text: 'Nothing more was written.' } as const satisfies Effect;
