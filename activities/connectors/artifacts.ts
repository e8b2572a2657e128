/** The folder for what stays outside Temporal: bodies by their digest, and small records by name. Shared by all processes. */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SystemError } from './system-error.ts';

/** Every call throws SystemError. */
export interface Artifacts {
  /** Keeps a body and answers its SHA-256, hex. The same body twice is one artifact. */
  save: (body: string) => Promise<string>;
  load: (digest: string) => Promise<string | undefined>;
  /** A record is replaced whole; `name` is a path of plain words: `seen/ab12…`. */
  write: (name: string, record: string) => Promise<void>;
  read: (name: string) => Promise<string | undefined>;
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function connectArtifacts({ folder }: { folder: string }): Artifacts {
  const write = (name: string, text: string) => guarded(() => replace(join(folder, safe(name)), text));
  const read = (name: string) => guarded(() => textOf(join(folder, safe(name))));
  return {
    async save(body) {
      const digest = sha256(body);
      await write(bodyOf(digest), body);
      return digest;
    },
    load: digest => read(bodyOf(digest)),
    write: (name, record) => write(name, record),
    read: name => read(name),
  };
}

const bodyOf = (digest: string) => `bodies/${digest.slice(0, 2)}/${digest}`;

function safe(name: string): string {
  if (/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name)) return name;
  throw new Error(`An artifact cannot be called ${JSON.stringify(name)}: use small letters, digits, - and /.`);
}

/** Whoever reads meanwhile sees the old text or the new one, also after a crash. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new SystemError({ system: 'The artifact store', fault: 'unreachable', text: `failed: ${text}`, cause: error });
  }
}
