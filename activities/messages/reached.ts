/** The note of a page: who has it, who was tried in vain, and which roles reach no one. */

import type { Attempt, Reached } from '../reaching.ts';
import { plain } from './plain.ts';

const words = { pagerduty: 'PagerDuty', webhook: 'webhook', mail: 'mail' } as const;

/** At most 800 characters. */
export function whoHasIt(reached: Reached[]): string {
  const byTaker = Map.groupBy(
    reached.filter(({ attempts }) => attempts.length > 0),
    ({ attempts }) => takersOf(attempts),
  );
  const paged = [...byTaker].map(([takers, group]) => `Paged as ${rolesOf(group)}: ${takers}.`);
  const unreached = reached.filter(({ attempts }) => attempts.length === 0);
  const missing = unreached.length > 0 ? [`No one can be paged as ${rolesOf(unreached)}: contact them yourself.`] : [];
  const faults = reached.flatMap(({ attempts }) => attempts.flatMap(({ fault }) => (fault ? [`${fault.message}.`] : [])));
  return plain([...paged, ...missing, ...new Set(faults)].join(' '), 800);
}

const rolesOf = (reached: Reached[]) => reached.map(({ role }) => role).join(', ');

/** `PagerDuty`, `ann (webhook, mail)`. */
function takersOf(attempts: Attempt[]): string {
  const byPerson = Map.groupBy(
    attempts.filter(({ fault }) => !fault),
    ({ person }) => person,
  );
  return [...byPerson]
    .map(([person, taken]) => {
      const ways = taken.map(({ way }) => words[way.by]).join(', ');
      return person === undefined ? ways : `${person} (${ways})`;
    })
    .join(' and ');
}
