/** The planned alerts of a window: one silence in Alertmanager, its record in the artifact store. */

import { author, commentOf } from '../../../../activities/observe/silence/target.ts';
import type { Act, Prepared, SettingCase } from '../case.ts';

/** Beyond the clock of every law. */
const until = '2600-11-29T04:00:00.000Z';

const silencing =
  (...alerts: string[]): Act =>
  ({ observe }, call) =>
    observe.silence({ alerts }, { ...call, until });

/** Someone else makes a silence, or makes ours longer. */
async function meddle({ on }: Prepared) {
  const [ours] = await on.silences.silences();
  const begins = { startsAt: ours?.startsAt ?? new Date(0).toISOString(), endsAt: '2601-01-01T00:00:00.000Z' };
  const matchers = ours?.matchers ?? [{ name: 'alertname', value: 'JobQueueDeep', isRegex: false, isEqual: true }];
  const marked = { createdBy: author, comment: commentOf(on.platform) };
  await on.silences.silence({ ...(ours && { id: ours.id }), ...begins, matchers, ...marked });
}

export const silence: SettingCase = {
  is: 'setting',
  name: 'silence',
  to: 'silences',
  async world(prepared) {
    const { silences } = prepared.on;
    await silences.clear();
    const others = { createdBy: 'ann', comment: 'mine', startsAt: new Date(0).toISOString(), endsAt: until };
    const matchers = [{ name: 'alertname', value: 'Other', isRegex: false, isEqual: true }];
    return {
      act: silencing('JobQueueDeep', 'NQBAWorkerDown'),
      otherwise: silencing('QuotaRefusals'),
      touches: ['/silences'],
      meddle: () => meddle(prepared),
      harmless: () => silences.silence({ ...others, matchers }),
    };
  },
};
