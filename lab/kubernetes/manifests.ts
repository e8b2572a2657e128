// Kubernetes objects as they stand in the YAML files of a folder, in the order of the files' names.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type Manifest = z.infer<typeof manifest>;

/** Every object in the folder; kustomize's own file is no object. */
export async function manifests(folder: string): Promise<Manifest[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  const texts = await Promise.all(names.sort().map(name => readFile(join(folder, name), 'utf8')));
  return texts.flatMap(text => parseAllDocuments(text).map(document => manifest.parse(document.toJS())));
}
