/** Entries of people in the record besides answers: notes, and the reasons for more time and for another severity. */

import type { Report } from '../../workflows/contract/index.ts';

interface Remark {
  /** RFC 3339. */
  at: string;
  by: string;
  what: string;
  text: string;
}

export const remarks = ({ notes = [], phases, severityChanges = [] }: Report): Remark[] =>
  [
    ...notes.map(({ at, by, text }) => ({ at, by, what: 'note', text })),
    ...phases.flatMap(({ title, extended = [] }) =>
      extended.map(({ at, by, until, reason }) => ({ at, by, what: `${title} extended to ${until}`, text: reason })),
    ),
    ...severityChanges.map(({ at, by, from, to, reason }) => ({ at, by, what: `severity ${from} → ${to}`, text: reason })),
  ].toSorted((one, other) => one.at.localeCompare(other.at));
