import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What worker, rehearsals and replays must agree on. */
export const workflowsPath = at('../workflows/index.ts');
export const payloadConverterPath = at('../workflows/kit/payloads.ts');
export const interceptorModules = [at('../workflows/kit/interceptors.ts')];

/** The workflows as one bundle, made once for each state of their sources and kept beside the installed packages. */
export async function workflowBundle(): Promise<{ code: string }> {
  const folder = at('../node_modules/.cache/nqba-runbooks');
  const path = `${folder}/workflows-${digestOfSources()}.js`;
  try {
    return { code: readFileSync(path, 'utf8') };
  } catch {
    const bundle = await makeBundle();
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, bundle.code);
    renameSync(`${path}.${process.pid}`, path);
    return { code: bundle.code };
  }
}

/** Bundles anew, and says what was bundled. */
export const makeBundle = () =>
  bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath,
    workflowInterceptorModules: interceptorModules,
    logger: new DefaultLogger('ERROR'),
  });

function digestOfSources(): string {
  const digest = createHash('sha256');
  const sources = globSync('**/*.ts', { cwd: at('../workflows') }).sort();
  for (const source of sources) digest.update(source).update(readFileSync(at(`../workflows/${source}`)));
  digest.update(readFileSync(at('../package-lock.json')));
  return digest.digest('hex').slice(0, 16);
}
