// What a practice platform keeps from one start to the next: its ports and its tokens.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError, orFullDisk } from '../lab-error.ts';
import { freePorts } from '../ports.ts';
import { practiceSystems } from '../stand-ins/index.ts';

const servers = ['grpc', 'http', 'ui', 'etcd', 'etcdPeer', 'apiserver', 'control', 'worker', 'intake'] as const;
const names = [...servers, ...practiceSystems] as const;

const settings = z.object({ ports: z.record(z.enum(names), z.number().int()), token: z.string().min(20) });
export type Settings = z.infer<typeof settings>;

/** Reads what a former start chose, or chooses. @throws LabError */
export async function settingsOf(dir: string): Promise<Settings> {
  const file = join(dir, 'settings.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? choose(dir, file) : kept(text, file);
}

function kept(text: string, file: string): Settings {
  try {
    return settings.parse(JSON.parse(text));
  } catch {
    throw new LabError(`${file} cannot be read: start with --fresh.`);
  }
}

async function choose(dir: string, file: string): Promise<Settings> {
  const free = await freePorts(names.length);
  const ports = settings.shape.ports.parse(Object.fromEntries(names.map((name, index) => [name, free[index]])));
  const chosen = { ports, token: randomBytes(24).toString('base64url') };
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(chosen, undefined, 2), { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    orFullDisk(error, dir);
  }
  return chosen;
}
