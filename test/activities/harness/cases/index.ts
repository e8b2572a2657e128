/** Every action that there is. */

import type { Case } from '../case.ts';
import { deletePods } from './delete-pods.ts';
import { giveBackReplica } from './give-back-replica.ts';
import { closing, opening, takingBack } from './set-fallback.ts';
import { setShare } from './set-share.ts';
import { setStatusPage } from './set-status-page.ts';
import { useSecret } from './use-secret.ts';

export const cases: Case[] = [opening, closing, setShare, useSecret, giveBackReplica, setStatusPage, takingBack, deletePods];
