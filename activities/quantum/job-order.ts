/** The order of waiting jobs as a target of the engine: which priorities start first, and which are held. */

import type { Target } from '../../workflows/contract/action.ts';
import type { NqbaApi } from '../connectors/api.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { JobOrder } from '../connectors/hub.ts';
import { holdersIn } from '../engine/holders.ts';
import { storedRecords, storeRecords } from '../engine/stored-records.ts';
import type { TargetSystem } from '../engine/target.ts';

export const orderTarget: Target = { system: 'job hub', kind: 'Job hub', name: 'order' };

export const asText = (classes: string[]) => classes.join(', ');
const asClasses = (text: string | null) => (text ?? '').split(', ').filter(name => name !== '');

/** Its record lies in the artifact store: written before the order, and let go only after it. */
export const jobOrder = (api: Pick<NqbaApi, 'order' | 'setOrder'>, artifacts: Artifacts): TargetSystem => ({
  async read(target) {
    const [order, records] = await Promise.all([api.order(), storedRecords(artifacts, target)]);
    const value = (field: string) => valueIn(order, field);
    return { target, uid: 'hub', value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  async write(write, now) {
    const letsGo = Object.values(write.records).every(record => record === null);
    const after = (field: string) => write.edits.find(edit => edit.field === field)?.after ?? now.value(field);
    if (!letsGo) await storeRecords(artifacts, write);
    const hold = write.edits.find(({ field }) => field === 'hold');
    const held = asClasses(hold ? hold.after : now.value('hold'));
    if (write.edits.length > 0) await api.setOrder({ classes: asClasses(after('classes')), hold: held });
    if (letsGo) await storeRecords(artifacts, write);
  },
});

/** No priority that is held reads as absent. */
function valueIn({ classes, hold = [] }: JobOrder, field: string): string | null {
  if (field === 'classes') return asText(classes);
  return field === 'hold' && hold.length > 0 ? asText(hold) : null;
}
