/**
 * How many of a hundred customers are charged: the charging CronJob is suspended or goes on, with its two settings. It stays until
 * people resume it. Twice equals once: what should be is stated whole.
 */

import { targetName } from '../../workflows/contract/action.ts';
import type { Action, ActionContext, Setting, Unconfirmed } from '../engine/action.ts';
import type { Values } from '../engine/holders.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { heldBy, type IsMine, type Restoring, toLetGo, toSet, type Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { pageLoudly } from '../loud-page.ts';
import { billingOf, type Platform } from '../platform.ts';
import { measured } from './charging/measure.ts';
import { overcharging } from './charging/overcharging.ts';
import { goingOn, heldUp, look, targetsOf, type View } from './charging/view.ts';
import type { ChargingInput } from './inputs.ts';

const name = 'setCharging';
const deadline = 'startingDeadlineSeconds';
/**
 * Kubernetes starts a run that a suspended CronJob missed as soon as it goes on, unless it is later than this
 * (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension).
 */
const mostLate = 300;

/** The deadline stays when charging goes on: without it the missed run would start at once. */
const onGoingOn: Restoring = (field, { now, before }) => (field === deadline ? now : before);

export const setCharging: Action<ChargingInput> = {
  name,
  stays: true,
  async run(input, context) {
    if (!['0%', '5%', '100%'].includes(input.customers))
      throw stopped('BadInput', 'Charged are 0%, 5% or 100% of the customers: correct the step.');
    const outcome = await runSetting(charging, input, context);
    const isPause = 'done' in outcome && input.customers === '0%' && outcome.done.changes.length > 0;
    if (!isPause || context.call.approved !== undefined) return outcome;
    return pageLoudly(outcome, { roles: ['finance', 'primary'], because: 'charging is paused without approval' }, context);
  },
  undo: restoring({
    targets: targetsOf,
    summary: 'Customers are charged as before.',
    done: 'Customers are charged as before.',
    restoring: onGoingOn,
    tells: async (_, { kubernetes, deps }) => [...heldUp(await look(kubernetes, deps.platform)), notMadeUp],
  }),
};

const charging: Setting<ChargingInput, View> = {
  name,
  records: targetsOf,
  look: (_, { kubernetes, deps: { platform } }) => look(kubernetes, platform),
  draft: (view, input, { call, deps }) => drafted(view, input, call.key, deps.platform),
  words: (view, input, _context, writes) => ({
    summary: told(input),
    consequences: writes.length > 0 ? consequences(view, input) : [],
    done: told(input),
    nothing: { note: `${told(input)} It was so already: nothing was changed.`, measured: true },
  }),
  asks: (view, input, context) => whyAsk(view, input, context),
  measure: (_view, input, context, carried) => measured(input, context, carried),
};

const told = ({ customers }: ChargingInput) =>
  customers === '0%'
    ? 'No customer is charged.'
    : customers === '5%'
      ? '5% of the customers are charged.'
      : 'All customers are charged.';

const notMadeUp = `Runs that were missed are not made up for, but for one that was due in the last ${mostLate} seconds; ${deadline} of the CronJob stays for that.`;

const ofIncident =
  (key: string): IsMine =>
  ({ incident, action }) =>
    incident === incidentOf(key) && action === name;

const isOurs = ({ cronJob, settings }: View, key: string) =>
  [cronJob, settings].some(({ holders }) => holders.some(ofIncident(key)));

/** The CronJob is the first to be stopped, and the last to go on. */
function drafted(view: View, { customers }: ChargingInput, key: string, platform: Platform): Write[] {
  const { cronJob, settings } = view;
  if (customers === '100%' && isOurs(view, key))
    return [settings, cronJob].flatMap(now => toLetGo(now, ofIncident(key), key, onGoingOn));
  if (customers === '5%') refuseUnread(view, platform);
  const making = { action: name, key, recording: 'of the incident' } as const;
  const switched = toSet(cronJob, { suspend: String(customers === '0%'), ...deadlineOf(cronJob) }, making);
  const set = toSet(settings, valuesOf(customers, platform), making);
  return customers === '0%' ? [...switched, ...set] : [...set, ...switched];
}

function valuesOf(customers: ChargingInput['customers'], platform: Platform): Values {
  const { key, shareKey } = billingOf(platform).charging;
  return { [key]: String(customers !== '0%'), [shareKey]: customers.slice(0, -1) };
}

/** Where it is shorter already it is left alone. */
function deadlineOf(cronJob: Snapshot): Values {
  const current = cronJob.value(deadline);
  return current === null || Number(current) > mostLate ? { [deadline]: String(mostLate) } : {};
}

/** @throws `NotConsumed`: a share that no run reads would charge all. */
function refuseUnread({ reads, cronJob, settings }: View, platform: Platform): void {
  const { shareKey } = billingOf(platform).charging;
  if (reads.includes(shareKey)) return;
  throw stopped(
    'NotConsumed',
    `${targetName(cronJob.target)} does not read ${shareKey} of ${targetName(settings.target)}, so its next run would charge all. Nothing was changed: let it read the key, then retry.`,
  );
}

function consequences(view: View, { customers }: ChargingInput): string[] {
  if (customers !== '0%') return [...heldUp(view), notMadeUp];
  return [
    ...goingOn(view),
    'Nothing is cancelled and metering is not touched; whether usage still rises is not measured. It stays until people resume it.',
    'Stripe goes on by itself with subscriptions and open invoices: finance keeps those as drafts.',
  ];
}

/** Only people resume. Charging is paused without approval where too much is charged, and everything about it is known. */
async function whyAsk(
  view: View,
  { customers }: ChargingInput,
  { call, deps }: ActionContext,
): Promise<string | Unconfirmed | undefined> {
  if (customers !== '0%') return isOurs(view, call.key) ? 'Charging goes on: people decide.' : notOurs(view);
  const isHeld = heldBy(view.cronJob, incidentOf(call.key)) !== undefined;
  if (view.cronJob.value('suspend') === 'true' && !isHeld) return notOurs(view);
  if (view.jobs === undefined) return 'Whether a charging Job runs now could not be read: people decide.';
  const { verdict, evidence } = await overcharging(deps);
  if (verdict === 'faulty') return undefined;
  return { unconfirmed: true, text: `Charging is paused by itself only while too much is charged: ${evidence}` };
}

const notOurs = ({ cronJob }: View) =>
  `${targetName(cronJob.target)} ${cronJob.value('suspend') === 'true' ? 'is suspended' : 'is not suspended'}, and no change of this incident says why: people decide.`;
