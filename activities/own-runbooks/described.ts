/** The names in runbooks, held against a platform description: what a runbook names and the description does not have. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Written } from '../../workflows/catalog/index.ts';
import { ofTheAlert } from '../../workflows/contract/vocabulary.ts';
import { shipped } from '../../workflows/catalog/shipped.ts';
import { OwnRunbookError, readOwnRunbooks } from '../own-runbooks.ts';
import { type Named, type NamedKind, namesOf } from './names-of.ts';

const activities = Object.entries(shipped).map(([name, { subject }]) => `${subject}.${name}`);

/** The names of a description, whatever stands under them. */
type Describing = Record<'workloads' | 'configMaps' | 'roles', Readonly<Record<string, unknown>>> & {
  labelledWorkloads?: readonly unknown[];
};

const existing = (platform: Describing): Record<NamedKind, string[]> => ({
  activity: activities,
  workload: [...Object.keys(platform.workloads), ...(allowsLabelled(platform) ? [ofTheAlert] : [])],
  ConfigMap: Object.keys(platform.configMaps),
  role: Object.keys(platform.roles),
});

const allowsLabelled = ({ labelledWorkloads = [] }: Describing) => labelledWorkloads.length > 0;

/** Where a runbook that is shipped is written. */
export const sourceOf = (slug: string) => join(import.meta.dirname, '../../workflows/runbooks', `${slug}.ts`);

/** Where a runbook is written: in the folder of one's own, or among those that are shipped. */
export const fileOf = (slug: string, own: string | undefined): string =>
  own !== undefined && existsSync(join(own, `${slug}.ts`)) ? join(own, `${slug}.ts`) : sourceOf(slug);

/** Each once. */
export function undescribed(
  platform: Describing,
  { slug, owner, recovery }: Pick<Written, 'slug' | 'owner' | 'recovery'>,
  own?: string,
): Named[] {
  const there = existing(platform);
  const file = fileOf(slug, own);
  const at = `${file.replace(/\.ts$/, '')}.catalog.json`;
  const measured = workloadsIn(recovery?.input).map((name): Named => ({ kind: 'workload', name, at }));
  const inCatalog: Named[] = [{ kind: 'role', name: owner, at }, ...measured];
  const lacking = [...namesOf(file), ...inCatalog].filter(({ kind, name }) => !there[kind].includes(name));
  return [...new Map(lacking.toReversed().map(one => [`${one.kind} ${one.name}`, one])).values()].toReversed();
}

const workloadsIn = ({ workloads, workload }: Record<string, unknown> = {}): string[] =>
  [workloads, workload].flat().filter(name => typeof name === 'string');

/** One line for people, with what there is instead. */
export function undescribedText(platform: Describing, { kind, name, at }: Named): string {
  if (kind === 'activity') return `${at}: there is no activity ${name}; runbooks activities lists those that there are`;
  if (kind === 'workload' && name === ofTheAlert)
    return `${at}: the platform description allows no workload ${ofTheAlert}; allow their namespaces and kinds with labelledWorkloads`;
  return `${at}: the platform description has no ${kind} ${name}; it has ${existing(platform)[kind].join(', ') || 'none'}`;
}

/** @throws OwnRunbookError with a line for each name */
export function refuseUndescribed(platform: Describing, own: string): void {
  const lines = readOwnRunbooks(own).flatMap(runbook =>
    undescribed(platform, runbook, own).map(one => undescribedText(platform, one)),
  );
  if (lines.length > 0)
    throw new OwnRunbookError(
      `Runbooks of ${own} name what this platform does not have. Correct them, or the description:\n${lines.join('\n')}`,
    );
}
