/** The effect on what creates charges: both objects read again, Jobs that run on, and what Stripe bills by itself. */

import { type Effect, targetName } from '../../../workflows/contract/action.ts';
import type { ActionContext, Carried } from '../../engine/action.ts';
import { billingOf, type Platform } from '../../platform.ts';
import type { ChargingInput } from '../inputs.ts';
import { billedByStripe, goingOn, heldUp, look, type View } from './view.ts';

export async function measured(
  { customers }: ChargingInput,
  { kubernetes, deps }: ActionContext,
  { remarks }: Carried,
): Promise<Effect> {
  const view = await look(kubernetes, deps.platform);
  const { isSo, text } = stateOf(view, customers, deps.platform);
  const jobs = customers === '0%' ? goingOn(view) : heldUp(view);
  const stripe = customers === '0%' ? [await billedByStripe(deps)] : [];
  const isAll = jobs.length === 0 && remarks.length === 0 && stripe.every(({ none }) => none);
  const texts = [text, ...jobs, ...stripe.map(one => one.text), ...remarks];
  return { measured: isSo ? (isAll ? 'whole' : 'part') : 'none', text: texts.join(' ') };
}

function stateOf({ cronJob, settings }: View, customers: ChargingInput['customers'], platform: Platform) {
  const { key, shareKey } = billingOf(platform).charging;
  const isSuspended = cronJob.value('suspend') === 'true';
  const [enabled, share] = [settings.value(key), settings.value(shareKey)];
  return {
    isSo: isSuspended === (customers === '0%') && isSetting(customers, enabled, share),
    text: `${targetName(cronJob.target)} is ${isSuspended ? '' : 'not '}suspended, ${key}=${enabled ?? 'absent'}, ${shareKey}=${share ?? 'absent'}.`,
  };
}

/** Settings that were absent before are absent again: all are charged then. */
function isSetting(customers: ChargingInput['customers'], enabled: string | null, share: string | null): boolean {
  if (customers === '100%') return enabled !== 'false' && (share ?? '100') === '100';
  return enabled === String(customers !== '0%') && share === customers.slice(0, -1);
}
