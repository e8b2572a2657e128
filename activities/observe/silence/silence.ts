/**
 * `amtool silence add`: the planned alerts are silent until the end of the step, which Alertmanager keeps by itself. Twice equals
 * once: ours is known by its mark, and read before it is made.
 */

import type { Effect, Outcome } from '../../../workflows/contract/action.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Action, ActionContext, Setting } from '../../engine/action.ts';
import { restoring } from '../../engine/restoring.ts';
import { runSetting } from '../../engine/run-setting.ts';
import type { Snapshot } from '../../engine/target.ts';
import { type IsMine, toLetGo, toSet } from '../../engine/write.ts';
import { readTarget } from '../../engine/writing.ts';
import { stopped } from '../../failures.ts';
import { incidentOf } from '../../guard.ts';
import { momentOf } from '../../kubernetes/when.ts';
import type { Platform } from '../../platform.ts';
import { alertsOf, literal, matchersOf, matchersText, matcherText, type SilenceInput } from './planned.ts';
import { author, commentOf, endField, matchersField, silenceIn, silenceTarget } from './target.ts';

const name = 'silence';
/** Milliseconds: twice a maintenance window. A longer silence is a decision of people. */
const longest = 4 * 3_600_000;

interface View {
  now: Snapshot;
  alerts: string[];
  /** Planned alerts that fire already and are not silent. */
  firing: string[];
}

export const silence: Action<SilenceInput> = {
  name,
  run: async (input, context) => {
    const alerts = alertsOf(input, context.deps.platform);
    const until = endOf(input, alerts, context);
    return (
      byHand(input, alerts, until, context) ?? runSetting(silencing(alerts, until), input, withAlertmanager(context, alerts))
    );
  },
  undo: {
    targets: () => [silenceTarget],
    run: (record, context) => madeLoud.run(record, withAlertmanager(context, [])),
  },
};

const madeLoud = restoring({
  targets: () => [silenceTarget],
  summary: 'Planned alerts are loud again.',
  done: 'Planned alerts are loud again.',
});

/** RFC 3339; empty where nothing is to be silenced. @throws `BadInput` */
function endOf({ alerts: asked }: SilenceInput, alerts: string[], { call, deps }: ActionContext): string {
  if (alerts.length === 0) {
    if (asked === 'none' || asked === 'planned') return '';
    throw stopped('BadInput', 'A silence names the alerts that the work may fire, and this list is empty: correct the step.');
  }
  if (call.until === undefined)
    throw stopped('BadInput', 'A silence ends by itself: write this step with `until`, the end of the window.');
  if (Date.parse(call.until) > deps.now()) return new Date(call.until).toISOString();
  throw stopped('BadInput', `The window ended at ${momentOf(call.until, deps.now())}: nothing is silenced.`);
}

function byHand(input: SilenceInput, alerts: string[], until: string, { deps }: ActionContext): Outcome | undefined {
  if (deps.systems.silences && (alerts.length > 0 || input.alerts === 'none')) return undefined;
  if (input.alerts === 'none') return { byHand: { system: 'alertmanager', paste: expiring(deps.platform) } };
  if (alerts.length === 0) return { byHand: { system: 'alertmanager', paste: '', because: noneListed } };
  const matchers = matchersOf(alerts, deps.platform).map(one => `'${matcherText(one)}'`);
  const flags = `--author=${author} --comment='${commentOf(deps.platform)}' --end=${until}`;
  return { byHand: { system: 'alertmanager', paste: `amtool silence add ${flags} ${matchers.join(' ')}` } };
}

const noneListed = 'maintenance.alerts of the platform description names no alert, so none is silenced';
/** `amtool` selects by the author alone, and one Alertmanager may serve several clusters: the comment, its last column, tells them apart. */
const expiring = (platform: Platform) => {
  const ours = `amtool silence query --created-by=${author} | grep -E ' ${literal(commentOf(platform))} *$' | cut -d' ' -f1`;
  return `amtool silence expire $(${ours})`;
};

function withAlertmanager(context: ActionContext, alerts: string[]): ActionContext {
  const { deps, systems } = context;
  const { silences: alertmanager, artifacts } = deps.systems;
  if (!alertmanager) throw notConnected('Alertmanager', 'ALERTMANAGER_URL');
  const matchers = matchersOf(alerts, deps.platform);
  const around = { alertmanager, artifacts, platform: deps.platform, matchers };
  return { ...context, systems: { ...systems, alertmanager: silenceIn(around) } };
}

const silencing = (alerts: string[], until: string): Setting<SilenceInput, View> => ({
  name,
  records: () => [silenceTarget],
  look: async (_, context) => ({
    alerts,
    now: await readTarget(context, silenceTarget),
    firing: await firingNow(alerts, context),
  }),
  draft({ now }, { alerts: asked }, { call, deps }) {
    if (asked === 'none') return toLetGo(now, ofIncident(call.key), call.key);
    const values = { [matchersField]: matchersText(matchersOf(alerts, deps.platform)), [endField]: until };
    return toSet(now, values, { action: name, key: call.key, until });
  },
  words: (_view, { alerts: asked }, { deps }) => {
    if (asked === 'none')
      return { summary: loud, consequences: [], done: loud, nothing: { note: nothingEnded, measured: false } };
    const said = `Alertmanager silences ${alerts.join(', ')} until ${momentOf(until, deps.now())}.`;
    return {
      summary: said,
      consequences: [`${unseen} ${ends}`],
      done: said,
      nothing: { note: `${said} It was so already: nothing was changed.`, measured: true },
    };
  },
  asks: async (view, { alerts: asked }, { deps }) => (asked === 'none' ? undefined : whyAsk(view, until, deps.now())),
  measure: async (_view, { alerts: asked }, context) => measured(asked === 'none' ? [] : alerts, context),
});

const loud = 'Planned alerts are loud again.';
const nothingEnded = 'No silence of ours was left: nothing was changed.';
const unseen =
  'A real fault that fires only one of these alerts pages no one until then; P0, Watchdog and outside probes stay loud.';
const ends = 'It ends by itself, whatever becomes of this worker.';

const ofIncident =
  (key: string): IsMine =>
  ({ incident, action }) =>
    incident === incidentOf(key) && action === name;

function whyAsk({ firing }: View, until: string, now: number): string | undefined {
  if (firing.length > 0) return `${firing.join(', ')} fires already, and would be silent: people decide.`;
  return Date.parse(until) - now > longest ? 'It is silent for more than four hours: people decide.' : undefined;
}

async function firingNow(alerts: string[], { deps: { systems, platform } }: ActionContext): Promise<string[]> {
  const [byName] = matchersOf(alerts, platform);
  const found = byName && alerts.length > 0 ? ((await systems.silences?.firing(matcherText(byName))) ?? []) : [];
  const loud = found.filter(({ silencedBy }) => silencedBy.length === 0);
  return [...new Set(loud.map(({ labels }) => labels['alertname'] ?? ''))].toSorted();
}

/** Read once more. @throws SystemError */
async function measured(alerts: string[], context: ActionContext): Promise<Effect> {
  const now = await readTarget(context, silenceTarget);
  const [matchers, end] = [now.value(matchersField), now.value(endField)];
  if (alerts.length === 0)
    return matchers === null
      ? { measured: 'whole', text: 'Alertmanager has no silence of ours.' }
      : { measured: 'none', text: `Alertmanager still silences ${matchers} until ${end}.` };
  const isWanted = matchers === matchersText(matchersOf(alerts, context.deps.platform));
  if (!isWanted) return { measured: 'none', text: `Alertmanager silences ${matchers ?? 'nothing of ours'}.` };
  const still = await firingNow(alerts, context);
  if (still.length > 0) return { measured: 'part', text: `Alertmanager has the silence, and ${still.join(', ')} is still loud.` };
  return { measured: 'whole', text: `Alertmanager has the silence until ${end}.` };
}
