/** The facts of the checks of logins. No address and no account is in them. */

/** Synthetic rounds, in every pod and at the address of all. */
export interface LoginFacts {
  places: number;
  /** Of them, those where the whole round works. */
  works: number;
  /** Names of pods, or the address of all. */
  broken: string[];
  /** Some place did not answer, or broke down. */
  fails: boolean;
}

export const loginReasons = ['unknown_user', 'wrong_password', 'locked', 'bad_token', 'expired_token'] as const;
export type LoginReason = (typeof loginReasons)[number];

/** Failed logins, and tokens that were refused, since the alert. */
export interface LoginFailuresFacts {
  attempts: number;
  failed: number;
  /** Failed of all attempts, 0 to 1. */
  ratio: number;
  /** The same before the alert; absent where there were too few. */
  before: number | undefined;
  /** Calls whose token was refused. */
  refusedTokens: number;
  /** The reason that grew most, and its part of the growth. */
  reason: LoginReason | null;
  reasonShare: number;
  /** Accounts that are locked now, of all pods; absent where a pod did not say. */
  locked: number | undefined;
  /** Accounts that someone entered after failing to. */
  takenOver: number;
}

/** Settings of all pods against each other, and against the reviewed ones. */
export interface AccessSettingsFacts {
  /** Names of settings in which pods differ. */
  differing: string[];
  /** Names of settings that are not as reviewed. */
  off: string[];
  /** Pods whose token another pod refuses. */
  refused: string[];
  /** Seconds between the clocks of the pods that differ most; absent where tokens carry no time. */
  skew: number | undefined;
  /** Reviewed values of what logins read from a ConfigMap; null where none are described. */
  configuration: { configMap: string; values: Record<string, string> } | null;
}
