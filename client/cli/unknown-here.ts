/** Incidents of runbooks that the catalog of this process lacks are listed, shown and answered as all others. */

import { runbooks } from '../../workflows/catalog/index.ts';
import type { Listed } from '../incident.ts';
import { line } from './text.ts';

/** By slug or workflow type. */
export const unknownHere = (names: string[]) =>
  line`The catalog here lacks ${names.join(', ')}: set RUNBOOKS_FOLDER to the folder of its runbook.`;

/** Workflow types, each once. */
export const unknownTypes = (incidents: Listed[]): string[] => {
  const known = ['takeBack', ...runbooks.flatMap(({ workflow }) => workflow ?? [])];
  return [...new Set(incidents.map(({ type }) => type))].filter(type => !known.includes(type));
};
