import { condition, continueAsNew, defineQuery, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { urgencies } from '../../catalog/index.ts';
import { type About, type Call, type NoticeStart, reportQuery } from '../../contract/index.ts';
import { isFields, isListOf } from '../incident/fields.ts';
import type { Showing } from '../incident/incident.ts';
import { readAlert } from '../incident/parse.ts';
import {
  type Due,
  due,
  isOver,
  nextCheck,
  none,
  type Noticed,
  type Notices,
  textOf,
  withAlert,
  withFound,
  withSent,
} from '../record/notices.ts';
import { failureOf } from '../words/acting.ts';
import { keepSending } from '../words/activities.ts';
import { tellAround } from './around-a-notice.ts';

/** One for each cluster: what is sent at most in an hour is counted over all alerts. */
export async function notices(_: Showing, ...args: unknown[]): Promise<object> {
  const begun = resumedOf(args);
  let state = begun;
  let failure: string | undefined;
  let looking = 0;
  /** Beside the pages: none waits for it. */
  const look = async ({ of, call }: Paged) => {
    looking += 1;
    const found = await tellAround(of, call);
    state = withFound(state, of, found);
    looking -= 1;
  };
  setHandler(defineSignal<unknown[]>('alert'), (...said) => {
    const read = readAlert(said);
    if ('ok' in read) state = withAlert(state, read.ok, Date.now());
  });
  // In the form of an incident's record, as far as it has one.
  const record = () => ({ steps: [], questions: [], notices: state, failure });
  setHandler(defineQuery(reportQuery), record);
  for (;;) {
    const next = due(state, Date.now());
    if (next) {
      const sent = { ...next, number: state.sent + 1, more: state.more };
      state = withSent(state, next, Date.now());
      const call = callOf(sent);
      failure = await send(sent, call).then(() => undefined, wordsOf);
      if (sent.kind === 'page' && failure === undefined && sent.of.namespace) void look({ of: sent.of, call });
    } else {
      if (isOver(state, Date.now())) return record();
      if (workflowInfo().continueAsNewSuggested && state !== begun && looking === 0)
        await continueAsNew<(start: NoticeStart) => Promise<unknown>>({ version: 1, resumed: state });
      const seen = state;
      const wait = nextCheck(state, Date.now()) - Date.now();
      await condition(() => state !== seen, wait, { summary: 'until the next notice' });
    }
  }
}

const wordsOf = (error: unknown) => failureOf(error).message;

const roles = urgencies.P1.ladder[0]?.roles ?? [];

type Numbered = Due & { number: number; more: number };

interface Paged {
  of: Noticed;
  call: Call;
}

function callOf({ number, more, ...next }: Numbered): Call & { about: About } {
  const { firstExecutionRunId, workflowId } = workflowInfo();
  const summary = textOf(next, more);
  const fired = [next.of].flat()[0]?.startsAt ?? '';
  const about: About = { incident: 'notice', runbook: 'No runbook', severity: 'P1', summary, fired, workflowId, isNotice: true };
  return { key: `${firstExecutionRunId}/Notice/${number}`, about };
}

/** The end of a page has the number of the page that it ends. */
function send(next: Numbered, { key, about }: Call & { about: About }): Promise<unknown> {
  const { summary } = about;
  if (next.kind !== 'end') return keepSending(summary.slice(0, 100), 'page', { roles, again: next.number }, { key, about });
  const pages = [{ again: next.of.page ?? 0, roles }];
  return keepSending('The alert has ended', 'resolveIncident', { summary }, { key, about: { ...about, pages } });
}

function resumedOf([start]: unknown[]): Notices {
  const resumed = isFields(start) ? start['resumed'] : undefined;
  return isNotices(resumed) ? resumed : none;
}

const isNotices = (value: unknown): value is Notices =>
  isFields(value) &&
  isListOf(value['entries'], isFields) &&
  isListOf(value['pages'], Number.isFinite) &&
  [value['sent'], value['more']].every(Number.isFinite);
