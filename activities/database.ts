/** The database behind the platform, as a role without superuser rights sees it. */

import { checking } from './checking.ts';
import { type BackupsInput, checkBackups } from './database/backups.ts';
import { checkLoad } from './database/load.ts';
import { checkReachable } from './database/reachable.ts';
import { resize } from './database/resize/resize.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';

export const databaseActions = { resize };

export const databaseActivities = (deps: Deps) => ({
  /** TCP, TLS, login and one read, from inside. Reads only. */
  reachable: checking((_: object) => checkReachable(deps)),

  /** Connections, lock waits and the slowest statements. What is not installed or not permitted is unknown. Reads only. */
  load: checking((_: object) => checkLoad(deps)),

  /** `kubectl get jobs | grep backup`, `aws rds describe-db-snapshots`: the newest is young enough. Never set up is unknown. Reads only. */
  backups: checking((input: BackupsInput) => checkBackups(deps, input)),

  /** `aws rds modify-db-instance --apply-immediately`: another class, always approved. */
  resize: asActivity(deps, resize),
});
