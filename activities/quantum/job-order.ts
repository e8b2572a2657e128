/** The order of waiting jobs as a target of the engine: which priorities start first, and which are held. */

import type { Target } from '../../workflows/contract/action.ts';
import type { NqbaApi } from '../connectors/api.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { JobOrder } from '../connectors/hub.ts';
import { holdersIn } from '../engine/holders.ts';
import { recordedAround, storedRecords } from '../engine/stored-records.ts';
import type { TargetSystem } from '../engine/target.ts';

export const orderTarget: Target = { system: 'job hub', kind: 'Job hub', name: 'order' };

export const asText = (classes: string[]) => classes.join(', ');
const asClasses = (text: string | null) => (text ?? '').split(', ').filter(name => name !== '');

/** Its record lies in the artifact store. */
export const jobOrder = (api: Pick<NqbaApi, 'order' | 'setOrder'>, artifacts: Artifacts): TargetSystem => ({
  async read(target) {
    const [order, records] = await Promise.all([api.order(), storedRecords(artifacts, target)]);
    const value = (field: string) => valueIn(order, field);
    return { target, uid: 'hub', value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  async write(write, now) {
    const after = (field: string) => write.edits.find(edit => edit.field === field)?.after ?? now.value(field);
    const hold = write.edits.find(({ field }) => field === 'hold');
    const held = asClasses(hold ? hold.after : now.value('hold'));
    const change = async () => void (await api.setOrder({ classes: asClasses(after('classes')), hold: held }));
    await recordedAround(artifacts, write, now, write.edits.length > 0 ? { change } : undefined);
  },
});

/** No priority that is held reads as absent. */
function valueIn({ classes, hold = [] }: JobOrder, field: string): string | null {
  if (field === 'classes') return asText(classes);
  return field === 'hold' && hold.length > 0 ? asText(hold) : null;
}
