import type { LogsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';

/** By what is searched. */
export type Searches = Record<'application' | 'worker' | 'quantum' | 'ipfs' | 'billing', Finding<LogsFacts>>;

const titles: Record<keyof Searches, string> = {
  application: 'Application logs have errors that other days do not have',
  worker: 'Worker logs have failed jobs that other days do not have',
  quantum: 'Logs of quantum jobs have errors that other days do not have',
  ipfs: 'IPFS logs have lines that other days do not have',
  billing: 'Billing logs have lines that other days do not have',
};

const names = Object.keys(titles).filter(name => isSearch(name));

/** One for each search with news. */
export const followUpsOf = (found: Searches) =>
  named(found, 'faulty').map(name => ({ title: titles[name], confirm: found[name].evidence }));

/** So many kinds of lines are named. */
const top = 5;

/** In sentences: how many searches are as usual, which were not possible, and the most frequent kinds of lines of all. */
export function resultOf(found: Searches): string {
  const usual = `${named(found, 'healthy').length} of ${names.length} searches are as on other days`;
  const [unknown, lines] = [named(found, 'unknown'), mostFrequent(found)];
  return [
    `${usual}, ${named(found, 'faulty').length} are not.`,
    unknown.length > 0 && `Not known: ${unknown.join(', ')}.`,
    lines.length > 0 && `Most frequent: ${lines.join('; ')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** A line that several searches match is one. */
function mostFrequent(found: Searches): string[] {
  const counts = new Map<string, number>();
  const shapes = names.flatMap(name => found[name].facts?.shapes ?? []);
  for (const { text, count } of shapes) counts.set(text, Math.max(count, counts.get(text) ?? 0));
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, top)
    .map(([text, count]) => `${count}× "${text}"`);
}

const named = (found: Searches, verdict: Finding['verdict']) => names.filter(name => found[name].verdict === verdict);

function isSearch(name: string): name is keyof Searches {
  return Object.hasOwn(titles, name);
}
