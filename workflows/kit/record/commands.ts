import type { Refusal, Severity } from '../../contract/index.ts';
import { heardFrom } from './acted.ts';
import { longestLine, longestText, newest } from './bounds.ts';
import { after } from './duration.ts';
import type { Event } from './events.ts';
import { withGraverLadder } from './escalation.ts';
import { isSame } from './roles.ts';
import type { State } from './state.ts';
import { cut } from './text.ts';

/** Longest extension, in milliseconds. */
const longest = 86_400_000;

/** Commands of people other than decisions. */
export type Said = Extract<Event, { kind: 'extend' | 'severity' | 'take over' | 'note' }>;
type Of<K extends Said['kind']> = Extract<Said, { kind: K }>;

/** Why it cannot be accepted at this time; nothing when it can. */
export function refusalOfSaid(state: State, said: Said, now: string): string | undefined {
  if (state.state === 'closed') return 'the incident is closed';
  if (said.kind === 'extend') return refusalOfExtension(state, said, now);
  if (said.kind === 'severity' && said.severity === state.severity) return `the severity is ${said.severity} already`;
  if (said.kind === 'take over' && isSame(said.by, state.commander ?? '')) return `${said.by} is already the incident commander`;
  return undefined;
}

function refusalOfExtension({ phases }: State, { phase, ...said }: Of<'extend'>, now: string): string | undefined {
  const latest = phases.findLast(({ title }) => title === phase);
  if (!latest) return `no phase ${JSON.stringify(cut(phase, 60))} has begun; ${running(phases)}`;
  if (latest.ended !== undefined) return `${phase} has ended; ${running(phases)}`;
  if (latest.by === undefined) return `${phase} has no time limit`;
  const until = extended(latest.by, said, now);
  if (until <= now) return `${until} is past`;
  if (until > after(now, longest)) return `${until} is more than a day away`;
  return until <= latest.by ? `${phase} already has time until ${latest.by}` : undefined;
}

const running = (phases: State['phases']) => {
  const open = phases.filter(({ ended, by }) => ended === undefined && by !== undefined).map(({ title }) => title);
  return open.length > 0 ? `phases that can be extended: ${open.join(', ')}` : 'no phase can be extended now';
};

/** Minutes count from the limit, or from now where that has passed. */
const extended = (by: string, { minutes = 0, until }: Pick<Of<'extend'>, 'minutes' | 'until'>, now: string) =>
  until === undefined ? after(by > now ? by : now, minutes * 60_000) : after(until, 0);

/** The state after it; what cannot be accepted is on the record as refused. */
export function withSaid(state: State, said: Said & { at: string }): State {
  const { at, by } = said;
  const because = refusalOfSaid(state, said, at);
  if (because !== undefined) return withRefusal(state, { at, by, what: whatOf(said), because });
  return heardFrom(accepted(state, said), by, at);
}

function accepted(state: State, said: Said & { at: string }): State {
  const { at, by } = said;
  if (said.kind === 'extend') return withExtension(state, said, at);
  if (said.kind === 'severity') return withSeverity(state, said, at);
  if (said.kind === 'take over') return acknowledged({ ...state, commander: by }, by, at);
  const note = { at, by, text: cut(said.text, longestText) };
  return { ...state, notes: newest(state.notes, note) };
}

function withExtension(state: State, { phase, by, reason, ...said }: Of<'extend'>, at: string): State {
  const latest = state.phases.findLastIndex(({ title }) => title === phase);
  const phases = state.phases.map((one, index) => {
    if (index !== latest) return one;
    const until = extended(one.by ?? at, said, at);
    const { overdue: _, ...rest } = one;
    const note = { at, by, until, reason: cut(reason, longestText) };
    return { ...rest, by: until, extended: newest(one.extended, note) };
  });
  return { ...state, phases };
}

function withSeverity(state: State, { severity, by, reason }: Of<'severity'>, at: string): State {
  const change = { at, by, from: state.severity, to: severity, reason: cut(reason, longestText) };
  const next = { ...state, severity, severityChanges: newest(state.severityChanges, change) };
  return severity < state.severity ? withGraverLadder(next, `${state.severity} is now ${severity}`, at) : next;
}

function whatOf(said: Said): string {
  if (said.kind === 'extend') return `extend ${said.phase}`;
  return said.kind === 'severity' ? `severity ${said.severity satisfies Severity}` : said.kind;
}

/** The commander is the person who acknowledged, or else the first to answer. */
export const acknowledged = (state: State, by: string, at: string): State => ({
  ...heardFrom(state, by, at),
  state: state.state === 'triggered' ? 'acknowledged' : state.state,
  commander: state.commander ?? by,
  times: { acknowledged: at, ...state.times },
});

/** The report stays readable, and small enough to be the workflow's result, whatever is sent. */
export function withRefusal(state: State, { at, by, what, because }: Refusal): State {
  const refusal = { at, by: cut(by, longestLine), what: cut(what, longestLine), because: cut(because, longestLine) };
  return { ...state, refusals: newest(state.refusals, refusal), refused: refusal };
}
