/** The facts of the checks of the database. */

/** The database as its sessions show it. */
export interface DatabaseLoadFacts {
  /** Of max_connections, 0 to 1. */
  connections: number | undefined;
  /** Seconds; 0 where nothing waits. */
  longestLockWait: number | undefined;
  /** Seconds: the mean of the slowest statement. */
  slowestMean: number | undefined;
  /** RFC 3339: where it is faulty, from when on the longest lock wait or the longest statement lasts. */
  since: string | undefined;
}

export interface SnapshotsFacts {
  /** RFC 3339: when the newest automated snapshot was made. */
  snapshot: string | undefined;
}

export interface BackupsFacts extends Partial<SnapshotsFacts> {
  /** RFC 3339: the end of the newest Job that succeeded. */
  newest: string | undefined;
}
