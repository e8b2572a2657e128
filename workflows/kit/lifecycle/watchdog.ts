import { condition, continueAsNew, defineQuery, defineSignal, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { urgencies } from '../../catalog/index.ts';
import { type About, reportQuery, type WatchdogStart } from '../../contract/index.ts';
import { isFields } from '../incident/fields.ts';
import type { Showing } from '../incident/incident.ts';
import { readAlert } from '../incident/parse.ts';
import { begun, dueOf, patience, untilDue, type Watchdog, type WatchdogDue, withCome, withTold } from '../record/watchdog.ts';
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
      state = withTold(state, due, Date.now());
      failure = await send(due, state).then(() => undefined, wordsOf);
    } else {
      if (workflowInfo().continueAsNewSuggested && state !== first)
        await continueAsNew<(start: WatchdogStart) => Promise<unknown>>({ version: 1, resumed: state });
      if (state.absent === undefined) await sleep(untilDue(state, Date.now()), { summary: 'page primary: no Watchdog' });
      else await condition(() => dueOf(state, Date.now()) !== undefined);
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

const wordsOf = (error: unknown) => failureOf(error).message;

const roles = urgencies.P1.ladder[0]?.roles ?? [];
const minutes = patience / 60_000;

/** The end of a page has the number of the page that it ends. */
function send(due: WatchdogDue, { sent, last }: Watchdog): Promise<unknown> {
  const { firstExecutionRunId, workflowId } = workflowInfo();
  const at = new Date(due.kind === 'absent' ? due.since : last).toISOString();
  const summary =
    due.kind === 'absent'
      ? `no Watchdog for ${minutes} minutes, the last at ${at}: no alert may come any more. Check Prometheus, Alertmanager and its route to the intake`
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
  const key = `${firstExecutionRunId}/Watchdog/${sent}`;
  if (due.kind === 'absent') return keepSending('Page: detection is blind', 'page', { roles, again: sent }, { key, about });
  const pages = [{ again: due.page, roles }];
  const call = { key: `${key}/end`, about: { ...about, pages } };
  return keepSending('Watchdog came again', 'resolveIncident', { summary }, call);
}
