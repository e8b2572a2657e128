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

interface Kind {
  text: string;
  count: number;
  /** Empty where all lines were counted. */
  of: string;
}

/** A line that several searches match is one. */
function mostFrequent(found: Searches): string[] {
  const kinds = names.flatMap(name => kindsOf(found[name])).toSorted((a, b) => b.count - a.count);
  const unique = kinds.filter(({ text }, index) => kinds.findIndex(kind => kind.text === text) === index);
  return unique.slice(0, top).map(({ text, count, of }) => `${count}× "${text}"${of}`);
}

function kindsOf({ facts }: Finding<LogsFacts>): Kind[] {
  const { shapes = [], sample, lines } = facts ?? {};
  return shapes.map(shape => ({ ...shape, of: sample === undefined ? '' : ` (in the newest ${sample} of ${lines} lines)` }));
}

const named = (found: Searches, verdict: Finding['verdict']) => names.filter(name => found[name].verdict === verdict);

function isSearch(name: string): name is keyof Searches {
  return Object.hasOwn(titles, name);
}
