/** Kubeconfig files as kubectl reads them: several are merged, the first to name a thing wins, absent ones are skipped. */

import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { pluginSchema } from './credential-plugin.ts';

const entries = z.array(z.looseObject({ name: z.string() })).nullish();
const file = z.looseObject({ clusters: entries, users: entries, contexts: entries, 'current-context': z.string().nullish() });

const context = z.looseObject({ cluster: z.string().min(1), user: z.string().default('') });
const cluster = z.looseObject({ server: z.string() });
const user = z.looseObject({ exec: pluginSchema.nullish(), token: z.string().nullish(), tokenFile: z.string().nullish() });

export interface Chosen {
  context: string;
  /** The name that the context gives the cluster. */
  clusterName: string;
  cluster: z.infer<typeof cluster>;
  user: z.infer<typeof user>;
}

/** The files of a list of paths, or of the home folder. */
export const filesOf = (paths: string | undefined): string[] =>
  paths === undefined ? [join(homedir(), '.kube', 'config')] : paths.split(delimiter).filter(path => path !== '');

/** Changes when one of the files does, appears or goes. */
export const stampOf = (files: string[]): string =>
  files
    .map(path => statSync(path, { throwIfNoEntry: false }))
    .map(found => (found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'absent'))
    .join(', ');

export const areAnyThere = (files: string[]) => files.some(path => statSync(path, { throwIfNoEntry: false }) !== undefined);

/** The context that is wanted, or the current one. Its errors name files and fields, never what stands in them. */
export function chosenIn(files: string[], wanted?: string): Chosen {
  const read = files.flatMap(path => contentOf(path) ?? []);
  const current = wanted ?? read.map(({ current }) => current).find(name => name);
  if (!current)
    throw new Error('The kubeconfig has no current context: check KUBECONFIG, or choose one: kubectl config use-context');
  const first = (kind: Kind, name: string) => read.flatMap(one => one[kind]).find(entry => entry.name === name)?.value;
  const named = context.safeParse(first('context', current));
  if (!named.success) throw new Error(`The kubeconfig has no context ${current}: check KUBECONFIG`);
  const { cluster: clusterName, user: userName } = named.data;
  const found = cluster.safeParse(first('cluster', clusterName));
  if (!found.success) throw new Error(`The kubeconfig has no cluster ${clusterName} with a server: check KUBECONFIG`);
  const signing = user.safeParse(first('user', userName) ?? {});
  if (!signing.success) throw new Error(`The user ${userName} of the kubeconfig cannot be read: check KUBECONFIG`);
  return { context: current, clusterName, cluster: found.data, user: signing.data };
}

type Kind = 'cluster' | 'user' | 'context';

/** Nothing of a file that is absent or empty. */
function contentOf(path: string) {
  if (!areAnyThere([path])) return undefined;
  const parsed = file.safeParse(parsedYaml(path) ?? {});
  if (!parsed.success) throw new Error(`${path} is no kubeconfig: ${parsed.error.issues[0]?.path.join('.')} is wrong`);
  const { clusters, users, contexts, 'current-context': current } = parsed.data;
  const listed = (kind: Kind, list: z.infer<typeof entries>) =>
    (list ?? []).map(entry => ({ name: entry.name, value: absolute(entry[kind], path) }));
  return { current, cluster: listed('cluster', clusters), user: listed('user', users), context: listed('context', contexts) };
}

/** The faults that the parser finds may quote what stands there, so they are left out. */
function parsedYaml(path: string): unknown {
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) throw new Error(`${path} is no kubeconfig`);
  return document.toJS();
}

const paths = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** Paths are meant from the folder of their file. */
function absolute(entry: unknown, path: string): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const from = (name: string, value: unknown) =>
    paths.includes(name) && typeof value === 'string' && value !== '' && !isAbsolute(value) ? join(dirname(path), value) : value;
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, from(name, value)]));
}
