/** Steps that docs/written/coverage.tsv names, and the rehearsals that come to them. */

import { type Kind, type WrittenLine, writtenLines } from '../../client/coverage.ts';

/** Kinds whose places are titles in a runbook. */
const titled: readonly Kind[] = ['step', 'check', 'watch', 'task', 'ask', 'phase'];
export const isOfSteps = ({ kind }: WrittenLine) => titled.includes(kind);

interface Played {
  steps: { title: string }[];
  questions: { title: string; answer?: { choice: string } | undefined }[];
  phases: { title: string }[];
  followUps: { title: string }[];
}

const titlesOf = ({ steps, questions, phases, followUps }: Played) => [
  ...[...steps, ...questions, ...phases, ...followUps].map(({ title }) => title),
  ...questions.flatMap(({ answer }) => answer?.choice ?? []),
];

/** Titles and causes of a runbook that none of these rehearsals came to; a computed detail may be any. */
export function neverPlayed(slug: string, reports: Played[]): string[] {
  const played = reports.flatMap(titlesOf);
  const lines = writtenLines().filter(line => line.runbook === slug && (isOfSteps(line) || line.kind === 'cause'));
  const isPlayed = (place: string) => {
    const [fixed = '', computed] = place.split('${');
    return played.some(title => (computed === undefined ? title === place : title.startsWith(fixed)));
  };
  return [...new Set(lines.flatMap(({ places }) => places))].filter(place => !isPlayed(place));
}
