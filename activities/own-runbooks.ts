/** Catalog entries of runbooks of one's own: `<slug>.catalog.json` beside `<slug>.ts`, in a folder outside the house. */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { ownRecoveryChecks } from '../workflows/catalog/activities.ts';
import { addRunbooks, type Runbook, type Written } from '../workflows/catalog/index.ts';
import { sections } from '../workflows/catalog/runbook.ts';
import { severities } from '../workflows/contract/vocabulary.ts';

/** The folder cannot be used; the message names the file and what fixes it. */
export class OwnRunbookError extends Error {
  override name = 'OwnRunbookError' as const;
}

const text = z.string().min(1);
const alert = z.union([text, z.strictObject({ name: text, where: z.strictObject({ label: text, begins: text }).optional() })]);

const entry = z.strictObject({
  title: text,
  severity: z.enum(severities).refine(severity => severity !== 'P0', 'P0 is opened only by what is shipped'),
  owner: text,
  alerts: z.array(alert).default([]),
  breaks: text.describe('What customers may notice, as the end of "customers may see that …"').optional(),
  drafts: z
    .strictObject({ component: text, page: z.boolean().default(true), mail: z.boolean().default(true) })
    .optional()
    .describe('Drafts for the public at declaration: of which component of the status page, and whether for it and by mail'),
  unasked: z.array(text).optional(),
  needs: z
    .strictObject({ sections: z.array(z.enum(sections)).optional(), workloads: z.array(text).optional() })
    .optional()
    .describe('Without these parts of a platform description it is not available there'),
  recovery: z.strictObject({ check: z.enum(ownRecoveryChecks), input: z.record(z.string(), z.unknown()) }),
});

/** They join the catalog of this process: once, at its start. Throws `OwnRunbookError`. */
export function joinCatalog(folder: string) {
  const own = readOwnRunbooks(folder);
  try {
    addRunbooks(own);
  } catch (error) {
    throw new OwnRunbookError(`${folder}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Throws `OwnRunbookError`. */
export function readOwnRunbooks(folder: string): Written[] {
  if (!existsSync(folder))
    throw new OwnRunbookError(`There is no folder ${folder}. One is begun by: runbooks new "<title>" --runbooks ${folder}`);
  const files = globSync('*.catalog.json', { cwd: folder }).toSorted();
  if (files.length === 0) throw new OwnRunbookError(`${folder} has no *.catalog.json: it holds no runbook.`);
  return files.map(file => ownRunbook(resolve(folder, file)));
}

/** The workflow type and the exported name of a runbook called so. */
export const workflowOf = (slug: string) => slug.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function ownRunbook(file: string): Written {
  const slug = basename(file, '.catalog.json');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) throw new OwnRunbookError(`${file}: a runbook is named in kebab case.`);
  if (!existsSync(join(file, `../${slug}.ts`))) throw new OwnRunbookError(`${file}: beside it there is no ${slug}.ts.`);
  const { alerts, breaks, drafts, unasked, needs, ...rest } = parsed(file);
  return {
    ...rest,
    slug,
    kind: 'incident',
    workflow: workflowOf(slug),
    incident: slug,
    alerts: alerts.map(one =>
      typeof one === 'string' ? { name: one } : { name: one.name, ...(one.where && { where: one.where }) },
    ),
    ...(breaks && { breaks }),
    ...(drafts && { drafts }),
    ...(needs && { needs: { sections: needs.sections ?? [], workloads: needs.workloads ?? [] } }),
    ...(unasked && { unasked }),
  } satisfies Runbook;
}

function parsed(file: string): z.infer<typeof entry> {
  try {
    return entry.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new OwnRunbookError(`${file} is no catalog entry:\n${why}`, { cause: error });
  }
}
