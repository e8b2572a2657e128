/** The facts of the checks of IPFS. */

export interface IpfsClusterFacts {
  /** Of the first provider; absent where its node is not our own. */
  peers: number;
  /** Its node among our workloads; absent where the provider is hosted. */
  workload: string;
  /** HTTP status of a read with our credentials. */
  code: number;
}

export interface IpfsStorageFacts {
  /** Bytes. */
  used: number;
  most: number;
  /** 0 to 1. */
  share: number;
  /** Bytes; absent until two samples lie an hour apart. */
  growthPerDay: number;
  /** Pins that may be removed, in the list that was frozen. */
  removable: number;
}

export interface TestPinFacts {
  /** Gateways that gave the same content back. */
  gateways: number;
}

export interface LtcRecordsFacts {
  entries: number;
  /** Entries whose hash, predecessor or pinned content is another. */
  mismatches: number;
  /** Entries without a reference. */
  unpinned: number;
  /** Entries whose reference resolves nowhere. */
  unresolved: number;
}
