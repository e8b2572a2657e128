/** The folder for what stays outside Temporal: bodies by their digest, and small records by name. Shared by all processes. */

import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SystemError } from './system-error.ts';

/** Every call throws SystemError. */
export interface Artifacts {
  /** Keeps a body and answers its SHA-256, hex. The same body twice is one artifact. */
  save: (body: string) => Promise<string>;
  load: (digest: string) => Promise<string | undefined>;
  /** A record is replaced whole; `name` is a path of plain words: `seen/ab12…`. */
  write: (name: string, record: string) => Promise<void>;
  /** Writes a record that is not there yet. False where it is: of several who try at once, one succeeds. */
  create: (name: string, record: string) => Promise<boolean>;
  read: (name: string) => Promise<string | undefined>;
  /** Records that lie in a folder; none where there is no such folder. */
  names: (folder: string) => Promise<string[]>;
  remove: (name: string) => Promise<void>;
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
    create: (name, record) => guarded(() => createOnce(join(folder, safe(name)), record)),
    read: name => read(name),
    names: under => guarded(() => namesIn(folder, safe(under))),
    remove: name => guarded(() => rm(join(folder, safe(name)), { force: true })),
  };
}

/** The path of a body inside the folder. */
export const bodyOf = (digest: string) => `bodies/${digest.slice(0, 2)}/${digest}`;

const isName = (name: string) => /^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(name);

function safe(name: string): string {
  if (isName(name)) return name;
  throw new Error(`An artifact cannot be called ${JSON.stringify(name)}: use small letters, digits, - and /.`);
}

/** Whoever reads meanwhile sees the old text or the new one, also after a crash. */
const replace = async (path: string, text: string): Promise<void> => rename(await drafted(path, text), path);

/** A link to a file fails where its name is taken, so of several one succeeds, with its whole text. */
async function createOnce(path: string, text: string): Promise<boolean> {
  const draft = await drafted(path, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function drafted(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

/** A file whose name is none of ours is still being written. */
async function namesIn(folder: string, under: string): Promise<string[]> {
  const entries = await ifThere(readdir(join(folder, under), { withFileTypes: true }));
  return (entries ?? []).filter(entry => entry.isFile() && isName(entry.name)).map(({ name }) => `${under}/${name}`);
}

const textOf = (path: string): Promise<string | undefined> => ifThere(readFile(path, 'utf8'));

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new SystemError({ system: 'The artifact store', fault: 'unreachable', text: `failed: ${text}`, cause: error });
  }
}
