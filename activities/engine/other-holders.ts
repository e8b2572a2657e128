/** Changes of other incidents that stand where an action writes, or where it finds nothing to do: plan and receipt name them. */

import { incidentOf } from '../guard.ts';
import type { Run, Words } from './action.ts';
import { type Holder, holdersIn } from './holders.ts';
import { isSameTarget, type Snapshot, uniqueTargets } from './target.ts';
import type { IsMine, Write } from './write.ts';
import { readIfThere } from './writing.ts';

/** The words with a sentence for each. @throws SystemError */
export async function withOtherHolders<Input, View>(run: Run<Input, View>, words: Words, writes: Write[]): Promise<Words> {
  const told = (await otherIncidents(run, writes)).map(sentence);
  if (told.length === 0) return words;
  const { consequences, done, nothing } = words;
  return {
    ...words,
    consequences: [...consequences, ...told],
    done: [done, ...told].join(' '),
    nothing: { ...nothing, note: [nothing.note, ...told].join(' ') },
  };
}

const sentence = (incident: string) =>
  `Incident ${incident} changed this before, and its change still stands (runbooks undo ${incident}).`;

/** A way back itself says what stays, and which incident holds it. */
async function otherIncidents<Input, View>({ setting, input, context }: Run<Input, View>, writes: Write[]): Promise<string[]> {
  const { call, deps } = context;
  if (setting.name === 'takeBack' || (writes.length > 0 && !writes.some(isRecorded))) return [];
  const incident = incidentOf(call.key);
  const isMine = (holder: Holder) =>
    holder.incident === incident && (holder.action === setting.name || holder.action === setting.joins);
  const targets = [...writes.map(({ target }) => target), ...(setting.records?.(deps.platform, input) ?? [])];
  const seen = await Promise.all(uniqueTargets(targets).map(target => readIfThere(context, target)));
  const others = seen.flatMap(now => (now ? sharing(now, isMine, writes) : []));
  return [...new Set(others.map(other => other.incident))].filter(other => other !== incident);
}

const isRecorded = ({ records }: Write) => Object.values(records).some(record => record !== null);

/** They have set a field that is written now, or that an earlier step of this action holds. */
function sharing({ target, holders }: Snapshot, isMine: IsMine, writes: Write[]): Holder[] {
  const held = holders.filter(isMine).flatMap(({ set }) => Object.keys(set));
  const written = writes.filter(write => isSameTarget(write.target, target)).flatMap(fieldsOf);
  const fields = [...held, ...written];
  return holders.filter(({ set }) => Object.keys(set).some(field => fields.includes(field)));
}

/** Of its edits, and of its record, which also has what was in place. */
const fieldsOf = ({ edits, records }: Write): string[] => [
  ...edits.map(({ field }) => field),
  ...Object.entries(records).flatMap(([name, record]) =>
    record === null ? [] : holdersIn({ [name]: record }).flatMap(({ set }) => Object.keys(set)),
  ),
];
