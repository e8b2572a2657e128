/** The share of jobs that goes to Dynex, as the setting has it. Pure. */

import { settingNow, type View } from './view.ts';

export const peopleDecide = 'People decide when jobs go back to Dynex.';

/** The share as the ConfigMap would have it; nothing where no one follows it. */
export const shareOf = ({ share, workloads }: View, percent: number): Record<string, string> =>
  share !== undefined && workloads.some(({ follows }) => follows) ? { [share]: String(percent) } : {};

/** The share that this incident has set, if no one else has changed it since. */
export function shareHeld(view: View, incident: string): number | undefined {
  const { share = '' } = view;
  const setting = settingNow(view);
  const held = setting.holders.find(holder => holder.incident === incident && share in holder.set)?.set[share];
  return held !== undefined && held !== null && held === setting.value(share) ? Number(held) : undefined;
}
