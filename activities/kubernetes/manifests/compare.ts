/** The changes since manifests were saved, field by field. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { jsonOf } from '../../connectors/http.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import type { DifferencesFacts } from '../../facts.ts';
import { type Manifest, manifestList, manifestsNow, nameOf } from './frozen.ts';

export interface CompareInput {
  /** Digest of those that were saved. */
  with: string;
}

/** Faulty where anything differs: people know whether it was planned. @throws SystemError */
export async function compareManifests(
  { systems: { kubernetes, artifacts }, platform }: Deps,
  { with: digest }: CompareInput,
): Promise<Finding<DifferencesFacts>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const { data: saved } = manifestList.safeParse(jsonOf((await artifacts.load(digest)) ?? ''));
  if (saved === undefined)
    return { verdict: 'unknown', evidence: `The artifact store has no manifests of digest ${digest}: nothing to compare with.` };
  const found = differencesOf(saved.items, await manifestsNow(kubernetes, platform));
  const facts = { differences: found.length };
  if (found.length === 0)
    return { verdict: 'healthy', evidence: `All ${saved.items.length} saved manifests are as they were.`, facts };
  return { verdict: 'faulty', evidence: `Differences: ${found.length}. ${named(found)}.`, facts };
}

/** So many are named, and so many characters of a value. */
const [most, longest] = [10, 80];

export const named = (found: string[]) =>
  `${found.slice(0, most).join('; ')}${found.length > most ? `, and ${found.length - most} more` : ''}`;

/** Pure. */
export function differencesOf(before: Manifest[], now: Manifest[]): string[] {
  const names = [...new Set([...before, ...now].map(nameOf))].toSorted();
  return names.flatMap(name => {
    const [old, current] = [before, now].map(all => all.find(one => nameOf(one) === name));
    if (!old) return [`${name} is new`];
    if (!current) return [`${name} is gone`];
    const [was, is] = [leavesOf(old), leavesOf(current)];
    const fields = [...new Set([...was.keys(), ...is.keys()])].filter(field => was.get(field) !== is.get(field));
    return fields.map(field => `${name} ${field}: ${inWords(was.get(field))} → ${inWords(is.get(field))}`);
  });
}

const inWords = (leaf = 'absent') => leaf.slice(0, longest);

/** By path; entries of a list by their name where they have one. */
function leavesOf({ metadata: { labels, annotations }, spec }: Manifest): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (path: string, value: unknown) => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(`${path}[${keyOf(item, index)}]`, item);
    else if (typeof value === 'object' && value !== null)
      for (const [field, inner] of Object.entries(value)) visit(path === '' ? field : `${path}.${field}`, inner);
    else if (value !== undefined) leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  };
  visit('', { labels, annotations, spec });
  return leaves;
}

function keyOf(item: unknown, index: number): string {
  const name = typeof item === 'object' && item !== null ? new Map(Object.entries(item)).get('name') : undefined;
  return typeof name === 'string' ? name : String(index);
}
