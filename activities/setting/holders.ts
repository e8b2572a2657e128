/** Who holds a setting, and what was before: written on the object itself, in the patch that changes it. */

import { z } from 'zod';
import { sha256 } from '../connectors/artifacts.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { incidentOf } from '../guard.ts';

/** Values by field; null means absent. */
export type Values = Record<string, string | null>;

export interface Holder {
  incident: string;
  key: string;
  /** RFC 3339. */
  until?: string | undefined;
  before: Values;
  /** What the holder set, to tell a later change by somebody else. */
  set: Values;
}

const values = z.record(z.string(), z.string().nullable());
const holder = z.object({
  incident: z.string(),
  key: z.string(),
  until: z.string().optional(),
  before: values,
  set: values.default({}),
});

const prefix = 'nqba-runbooks/holder.';
export const annotationOf = (key: string) => prefix + sha256(key).slice(0, 16);

export const holding = (key: string, before: Values, set: Values, until?: string): Record<string, string> => ({
  [annotationOf(key)]: JSON.stringify({ incident: incidentOf(key), key, ...(until && { until }), before, set } satisfies Holder),
});

/** Annotations that let go. */
export const lettingGo = (holders: Holder[]): Record<string, null> =>
  Object.fromEntries(holders.map(({ key }) => [annotationOf(key), null]));

/** A record that cannot be read counts as nobody's. */
export const holdersOf = ({ metadata }: Pick<KubeObject, 'metadata'>): Holder[] =>
  Object.entries(metadata.annotations).flatMap(([name, text]) => (name.startsWith(prefix) ? readable(text) : []));

/** Those who hold this field: an object may be held for several reasons. */
export const holdersOfField = (object: Pick<KubeObject, 'metadata'>, field: string): Holder[] =>
  holdersOf(object).filter(({ before }) => field in before);

function readable(text: string): Holder[] {
  try {
    const { data } = holder.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}
