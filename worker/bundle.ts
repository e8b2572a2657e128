import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ownEntry, ownSources } from './own-entry.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Worker, rehearsals and replays must agree on this path. */
export const workflowsPath = at('../workflows/index.ts');
export const payloadConverterPath = at('../workflows/kit/incident/payloads.ts');
export const interceptorModules = [at('../workflows/kit/incident/interceptors.ts')];

const versionedEntry = at('./versioned-workflows.ts');

/**
 * The workflows as one bundle, made once for each state of their sources and kept beside the installed packages.
 * @param own folder with runbooks of one's own
 * @param versioned for a worker that belongs to a Worker Deployment
 */
export function workflowBundle(own?: string, versioned = false): Promise<{ code: string }> {
  const entry = versioned ? versionedEntry : undefined;
  const sources = [...(own === undefined ? [] : ownSources(own)), ...(entry ? [entry] : [])];
  return keptBundle(sources, () => makeBundle(undefined, own, entry));
}

/** A bundle of ours and of these sources, made where it is not kept yet. */
export async function keptBundle(sources: string[], make: () => Promise<{ code: string }>): Promise<{ code: string }> {
  const path = `${cache}/workflows-${digestWith(sources)}.js`;
  try {
    return { code: readFileSync(path, 'utf8') };
  } catch {
    const { code } = await make();
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
    return { code };
  }
}

const cache = at('../node_modules/.cache/nqba-runbooks');

/** Bundles again the workflows of a folder: ours, or a copy of them; `own` holds runbooks of one's own. */
export function makeBundle(folder = at('../workflows'), own?: string, ours = `${folder}/index.ts`) {
  const entry = own === undefined ? { workflows: ours, catalog: [] } : ownEntry(own, ours, cache);
  return bundleWorkflowCode({
    workflowsPath: entry.workflows,
    payloadConverterPath: `${folder}/kit/incident/payloads.ts`,
    workflowInterceptorModules: [`${folder}/kit/incident/interceptors.ts`],
    preloadModules: ['@temporalio/common', '@temporalio/workflow', ...sharedModules(folder), ...entry.catalog],
    webpackConfigHook: config => inModernJavaScript(nameTheKit(config)),
    logger: new DefaultLogger('ERROR'),
  });
}

/** Ours are without a memory: one copy in the process, not one an open incident. Runbooks of one's own may have one. */
export const sharedModules = (folder = at('../workflows')) =>
  globSync('**/*.ts', { cwd: folder })
    .sort()
    .map(path => `${folder}/${path}`);

/** Runbooks of one's own import the kit by this name, wherever their folder is. */
const nameTheKit: ConfigHook = config => {
  Reflect.set(Object(config.resolve?.alias), 'nqba-runbooks/kit', at('../workflows/kit/index.ts'));
  return config;
};

type ConfigHook = NonNullable<BundleOptions['webpackConfigHook']>;

/** The SDK writes for older engines than the sandbox has; without that a workflow task takes a third less time. */
export const inModernJavaScript: ConfigHook = config => {
  for (const rule of config.module?.rules ?? []) {
    const jsc: unknown = ['use', 'options', 'jsc'].reduce<unknown>((value, name) => Reflect.get(Object(value), name), rule);
    if (typeof jsc === 'object' && jsc !== null) Reflect.set(jsc, 'target', 'es2022');
  }
  return config;
};

function digestWith(others: string[]): string {
  const digest = createHash('sha256');
  const sources = globSync('**/*.ts', { cwd: at('../workflows') }).sort();
  for (const source of sources) digest.update(source).update(readFileSync(at(`../workflows/${source}`)));
  for (const source of ['../package-lock.json', './bundle.ts', './own-entry.ts']) digest.update(readFileSync(at(source)));
  for (const file of others) digest.update(file).update(readFileSync(file));
  return digest.digest('hex').slice(0, 16);
}
