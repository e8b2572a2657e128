/** The record of a change: which action holds which fields of an object, and what was before. It is written with the change itself. */

import { z } from 'zod';
import { type Target, targetName } from '../../workflows/contract/action.ts';
import { digestOf } from '../canonical.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { incidentOf } from '../guard.ts';

/** Values by field; null means absent. */
export type Values = Record<string, string | null>;

export interface Holder {
  /** Activity type of the action that takes it back. */
  action: string;
  incident: string;
  key: string;
  /** RFC 3339. */
  until?: string | undefined;
  before: Values;
  /** The values that the holder set, to recognise a later change by someone else. */
  set: Values;
  /** Someone has edited the record since it was written. */
  edited: boolean;
}

const values = z.record(z.string(), z.string().nullable());
const record = z.object({
  action: z.string().optional(),
  incident: z.string(),
  key: z.string(),
  until: z.string().optional(),
  before: values,
  set: values.default({}),
  seal: z.string().optional(),
});
type Written = z.infer<typeof record>;

const prefix = 'nqba-runbooks/holder.';

/** Name of the record under a key: an annotation in Kubernetes. */
export const recordName = (key: string) => prefix + sha256(key).slice(0, 16);

const sealOf = ({ seal: _, ...content }: Written) => digestOf(content).slice(0, 16);

export function recordOf({ edited: _, ...holder }: Omit<Holder, 'incident' | 'edited'> & { edited?: boolean }): string {
  const content = { ...holder, incident: incidentOf(holder.key) };
  return JSON.stringify({ ...content, seal: sealOf(content) });
}

/** True if a change of ours is recorded there, readable or not. */
export const hasRecords = (annotations: Record<string, string>): boolean =>
  Object.keys(annotations).some(name => name.startsWith(prefix));

/** The holders of fields of an object, by its annotations. A record that cannot be read is no one's: see `unreadable`. */
export const holdersIn = (annotations: Record<string, string>): Holder[] =>
  Object.entries(annotations).flatMap(([name, text]) => (name.startsWith(prefix) ? readable(text) : []));

/** Changes that stand on an object, and a sentence for each record of one that no one can read any more. */
export interface StandingOn {
  holders: Holder[];
  unreadable: string[];
  /** Names of the records from which nothing can be restored: those, and empty ones. */
  others: string[];
}

export function standingOn(target: Target, records: Record<string, string>): StandingOn {
  const names = Object.keys(records).filter(name => name.startsWith(prefix) && readable(records[name] ?? '').length === 0);
  const holders = holdersIn(records).filter(({ set }) => Object.keys(set).length > 0);
  const held = holders.map(({ key }) => recordName(key));
  return {
    holders,
    others: Object.keys(records).filter(name => name.startsWith(prefix) && !held.includes(name)),
    unreadable: names.map(
      name =>
        `The record ${name} on ${targetName(target)} cannot be read: someone has edited it by hand, so its change still stands and cannot be undone. Restore the object by hand, then remove the record.`,
    ),
  };
}

/** True if the record under this key is unreadable: someone has edited it by hand. */
export function unreadable(annotations: Record<string, string>, key: string): boolean {
  const text = annotations[recordName(key)];
  return text !== undefined && readable(text).length === 0;
}

export const holdersOf = ({ metadata }: { metadata: { annotations: Record<string, string> } }): Holder[] =>
  holdersIn(metadata.annotations);

function readable(text: string): Holder[] {
  const parsed = record.safeParse(jsonIn(text));
  if (!parsed.success) return [];
  const { seal, ...written } = parsed.data;
  const edited = seal !== undefined && seal !== sealOf(written);
  return [{ ...written, action: written.action ?? formerly(written), edited }];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const counts = ['replicas', 'minReplicas'];

/** Records of the former form did not name their action: three actions wrote them, each with fields of its own. */
function formerly({ before, set }: Written): string {
  const fields = Object.keys(before);
  if (fields.some(field => counts.includes(field))) return 'giveBackReplica';
  const isReference = Object.values(set).some(value => value?.includes('/'));
  return isReference ? 'useSecret' : 'setFallback';
}
