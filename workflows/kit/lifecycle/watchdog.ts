import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type About, type Outcome, reportQuery, unreachedText, type WatchdogStart } from '../../contract/index.ts';
import { isFields } from '../incident/fields.ts';
import type { Showing } from '../incident/incident.ts';
import { readAlert } from '../incident/parse.ts';
import {
  begun,
  dueOf,
  levels,
  patience,
  untilDue,
  type Watchdog,
  type WatchdogDue,
  withCome,
  withDue,
  withSent,
  withTimer,
} from '../record/watchdog.ts';
import { failureOf } from '../words/acting.ts';
import { keepSending } from '../words/activities.ts';

/** One for each cluster, for as long as its detection is to be watched: it never ends by itself. */
export async function watchDetection(_: Showing, ...[start]: unknown[]): Promise<never> {
  const resumed = isFields(start) ? start['resumed'] : undefined;
  const first = isWatchdog(resumed) ? resumed : begun(Date.now());
  let state = first;
  let failure: string | undefined;
  setHandler(defineSignal<unknown[]>('alert'), (...said) => {
    const read = readAlert(said);
    if ('ok' in read && read.ok.status === 'firing') state = withCome(state, Date.now());
  });
  // In the form of an incident's record, as far as it has one.
  setHandler(defineQuery(reportQuery), () => ({ steps: [], questions: [], watchdog: shown(state), failure }));
  for (;;) {
    const due = dueOf(state, Date.now());
    if (due) {
      state = withDue(state, due, Date.now());
      failure = await send(due, state).then(lackOf, wordsOf);
      state = withSent(state, due, failure === undefined, Date.now());
    } else {
      if (workflowInfo().continueAsNewSuggested && state !== first)
        await continueAsNew<(start: WatchdogStart) => Promise<unknown>>({ version: 1, resumed: state });
      const isDue = () => dueOf(state, Date.now()) !== undefined;
      if (state.absent === undefined) {
        const wait = untilDue(state, Date.now());
        const end = Date.now() + wait;
        await sleep(wait, { summary: 'page primary: no Watchdog' });
        state = withTimer(state, end, Date.now());
      } else if (state.paging)
        await condition(isDue, state.paging.at - Date.now(), { summary: 'page again: no one was reached' });
      else await condition(isDue);
    }
  }
}

const isWatchdog = (value: unknown): value is Watchdog =>
  isFields(value) && [value['last'], value['sent']].every(Number.isFinite) && typeof value['armed'] === 'boolean';

/** As people and programs read it. */
const shown = ({ last, armed, absent }: Watchdog) => ({
  last: new Date(last).toISOString(),
  armed,
  absent: absent === undefined ? undefined : new Date(absent).toISOString(),
});

/** Why a page has told no one; nothing where it has. */
function lackOf(outcome: Outcome): string | undefined {
  const { unreached } = 'done' in outcome ? outcome.done : 'byHand' in outcome ? outcome.byHand : {};
  if (unreached?.length) return `no one is reached: ${unreachedText(unreached)}`;
  return 'done' in outcome ? undefined : 'no one is reached';
}

const wordsOf = (error: unknown) => (isCancellation(error) ? 'the pager gave no answer' : failureOf(error).message);

const minute = 60_000;
/** How long one level has the page alone while its pager gives no answer. The end may take until the next absence. */
const longest = { absent: 5 * minute, back: patience };

/** The end of a page has the number of the page that it ends. */
function send(due: WatchdogDue, { sent, last }: Watchdog): Promise<Outcome> {
  const { firstExecutionRunId, workflowId } = workflowInfo();
  const at = new Date(due.kind === 'absent' ? due.since : last).toISOString();
  const summary =
    due.kind === 'absent'
      ? `no Watchdog for ${patience / minute} minutes, the last at ${at}: no alert may come any more. Check Prometheus, Alertmanager and its route to the intake`
      : `Watchdog came again at ${at}`;
  const about: About = {
    incident: 'watchdog',
    runbook: 'Detection is blind',
    severity: 'P1',
    summary,
    fired: at,
    workflowId,
    isNotice: true,
  };
  // All levels share the key: an address that has taken the page gets it once.
  const key = `${firstExecutionRunId}/Watchdog/${sent}`;
  return CancellationScope.withTimeout(longest[due.kind], () => {
    if (due.kind === 'absent') {
      const roles = levels[due.level] ?? [];
      return keepSending('Page: detection is blind', 'page', { roles, again: sent }, { key, about });
    }
    const pages = [{ again: due.page, roles: levels.flat() }];
    const call = { key: `${key}/end`, about: { ...about, pages } };
    return keepSending('Watchdog came again', 'resolveIncident', { summary }, call);
  });
}
