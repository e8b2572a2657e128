/** The database behind the platform, as a role without superuser rights sees it. */

import { checking } from './checking.ts';
import { type BackupsInput, checkBackups } from './database/backups.ts';
import { checkLoad } from './database/load.ts';
import { checkReachable } from './database/reachable.ts';
import type { Deps } from './deps.ts';

export const databaseActivities = (deps: Deps) => ({
  /** TCP, TLS, login and one read, from inside. Reads only. */
  reachable: checking((_: object) => checkReachable(deps)),

  /** Connections, lock waits and the slowest statements. What is not installed or not permitted is unknown. Reads only. */
  load: checking((_: object) => checkLoad(deps)),

  /** `kubectl get jobs | grep backup`: the newest success is young enough. None at all is unknown. Reads only. */
  backups: checking((input: BackupsInput) => checkBackups(deps, input)),
});
