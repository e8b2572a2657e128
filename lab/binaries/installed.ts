// A binary that the machine has already: used where its version is one we know to work.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binary, Source } from './binary.ts';

const run = promisify(execFile);

/** In `KUBEBUILDER_ASSETS` (etcd and kube-apiserver), then on `PATH`. */
export const installed: Source = async binary => {
  for (const folder of folders()) {
    const path = join(folder, binary.name);
    if ((await runs(path)) && accepts(binary, await versionOf(path))) return path;
  }
  return undefined;
};

const folders = () =>
  [process.env.KUBEBUILDER_ASSETS ?? '', ...(process.env.PATH ?? '').split(delimiter)].filter(folder => folder !== '');

const runs = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const versionOf = (path: string) =>
  run(path, ['--version'], { timeout: 10_000 }).then(
    ({ stdout }) => /\d+\.\d+\.\d+/.exec(stdout)?.[0],
    () => undefined,
  );

const accepts = ({ installed: { from, below } }: Binary, version: string | undefined) =>
  version !== undefined && compare(version, from) >= 0 && compare(version, below) < 0;

const compare = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
