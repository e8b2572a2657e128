import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import {
  type Call,
  type Finding,
  needsReason,
  type Outcome,
  type Question,
  type Report,
} from '../../workflows/contract/index.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { type Rehearsal, rehearse, Sandbox, type Script } from '../../worker/rehearsal/rehearse.ts';
import type { Attempt, Reaction } from '../../worker/rehearsal/virtual-server.ts';
import { openQuestions } from '../../workflows/kit/record/state.ts';
import { activityNames, isMessage } from '../../workflows/catalog/activities.ts';
import { threeAtNight, minutes, anAlert, aStart, aPlan, aReceipt } from './building.ts';

export * from './building.ts';

export const finding = (verdict: Finding['verdict'], facts: object = {}, evidence: string = verdict): Finding => ({
  verdict,
  evidence,
  facts,
});
export const done = (receipt = aReceipt()): Outcome => ({ done: receipt });
export const planned = (
  reason: 'approval' | 'not confirmed' | 'held' | 'observe' | 'dry run' | 'moved',
  plan = aPlan(),
): Outcome => ({
  planned: plan,
  because: { reason, text: reason },
});
export const refused = (message: string, nothingDone: boolean) =>
  ApplicationFailure.create({ message, nonRetryable: true, type: 'Refused', details: [{ nothingDone }] });

/** What one activity answers: always the same, one after the other (the last one stays), or computed by `(attempt, times)`. */
export type Answers = unknown;

const sent: Outcome = { done: { note: 'sent', changes: [], effect: { measured: 'nothing to measure', text: 'accepted' } } };
const messages = Object.fromEntries(activityNames.filter(isMessage).map(type => [type, sent]));

/** The workloads take the key from another Secret. */
const rotated = aReceipt({
  note: 'The workloads take the Dynex key from Secret nqba-secrets-dynex-a.',
  takeBack: {
    action: 'giveBackReplica',
    key: 'k',
    target: { system: 'kubernetes', kind: 'Deployment', namespace: 'nqba-platform', name: 'nqba-worker' },
    words: 'a change',
  },
});

/** A Dynex outage as it goes when nothing else goes wrong. */
export const dynexDown: Record<string, Answers> = {
  ...messages,
  saveReport: { digest: 'digest' },
  noteUnseen: { times: 1, second: false },
  acknowledgePages: { pages: 0 },
  setFallback: ({ args }: Attempt) => (callOf(args).approved || inputOf(args).enabled ? done() : planned('approval')),
  dynexStatus: finding('faulty', { incident: 'Major outage' }),
  rollouts: finding('healthy', { change: null }),
  probeDynex: finding('faulty', { inside: 'faulty', outside: 'faulty' }),
  dynexKey: finding('unknown', { code: 503 }),
  keyVersions: finding('healthy'),
  keyAge: finding('healthy'),
  secret: finding('healthy'),
  networkPolicies: finding('healthy'),
  useSecret: ({ args }: Attempt) => (callOf(args).approved ? done(rotated) : planned('approval')),
  jobs: finding('healthy', { share: 1, jobs: 30 }),
  watch: finding('healthy', { share: 1, jobs: 30 }),
  canary: finding('healthy', { solver: 'quantum_dynex' }),
  recovered: finding('healthy', {}, '20 of 20 jobs succeeded on Dynex'),
  standing: finding('healthy', { standing: [] }, 'No change of this incident is still in effect.'),
  takeBack: done(aReceipt({ note: 'taken back', takeBack: undefined })),
};

const inputOf = (args: unknown[]) => args[0] as { enabled?: boolean };
export const callOf = (args: unknown[]) => args[1] as Call;

/** Milliseconds; what is not listed takes a second, as long as people take to answer. */
const usually: Partial<Record<string, number>> = { watch: minutes(10), announce: 100 };

/** A world that answers as the script says. */
export function worldOf(script: Record<string, Answers>, durations: Record<string, number> = {}) {
  const times = new Map<string, number>();
  return (attempt: Attempt): Reaction => {
    const key = attempt.title in script ? attempt.title : attempt.type;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    const answers = script[key];
    const one = Array.isArray(answers) ? answers[Math.min(time, answers.length) - 1] : answers;
    const answer = typeof one === 'function' ? (one as (attempt: Attempt, times: number) => unknown)(attempt, time) : one;
    if (answer === undefined) throw new Error(`the script has no answer for ${attempt.title} (${attempt.type})`);
    const takes = durations[attempt.title] ?? usually[attempt.type] ?? 1000;
    return answer instanceof Error ? { error: answer, takes } : { result: answer, takes };
  };
}

/** What people choose, by the question's title; a list is one after the other. Unlisted questions stay open. */
export type Choices = Record<string, string | string[]>;

function peopleOf(choices: Choices, by: string) {
  const answered = new Map<string, number>();
  const seen = new Set<string>();
  return (report: Report) =>
    openQuestions(report as never).flatMap(asked => {
      const { id, title } = asked;
      const listed = choices[title];
      if (listed === undefined || seen.has(id)) return [];
      const time = answered.get(title) ?? 0;
      const choice = Array.isArray(listed) ? listed[time] : listed;
      if (choice === undefined) return [];
      seen.add(id);
      answered.set(title, time + 1);
      return [{ signal: 'decide', args: [{ question: id, by, ...answering(asked, choice) }] }];
    });
}

/** A name that is asked for is answered with the choice of that name. */
const answering = ({ kind, choices }: Question, said: string) =>
  kind === 'text' && !choices.includes(said)
    ? { choice: choices[0], text: said }
    : { choice: said, reason: needsReason(said) ? 'as it is' : undefined };

let shipped: Promise<Sandbox> | undefined;
export const loaded = () => (shipped ??= workflowBundle().then(({ code }) => Sandbox.load(code, activityNames)));

export interface Rehearsing extends Partial<Pick<Script, 'messages' | 'jobs' | 'evictEvery' | 'rollOver' | 'atMost'>> {
  type?: string;
  workflowId?: string;
  args?: unknown[];
  world?: Record<string, Answers>;
  /** Milliseconds that a step takes, by its title; one second, and ten minutes for a watch. */
  takes?: Record<string, number>;
  people?: Choices;
  sandbox?: Promise<Sandbox>;
}

export const usual: Choices = { 'What is the cause?': 'Dynex Platform Issue', 'Gradual Rollback: 100%': 'approve' };

let runs = 0;

/** After 7 tasks, 14, 28, …: each time it is replayed from its beginning. */
const nowAndThen = (tasks: number) => Number.isInteger(Math.log2(tasks / 7));

/**
 * Rehearses Dynex Outage (or another workflow) on a world that differs from the usual outage where it is said.
 * Each is forgotten now and then, and replayed at the end: whatever a test looks at, it is deterministic.
 */
export async function rehearsal({
  type = 'dynexOutage',
  workflowId = 'incident:dynex-outage:test',
  args = [aStart()],
  world = {},
  takes = {},
  people = usual,
  sandbox = loaded(),
  atMost = minutes(24 * 60),
  ...script
}: Rehearsing = {}): Promise<Rehearsal> {
  runs += 1;
  const rehearsed = await rehearse(await sandbox, {
    evictEvery: nowAndThen,
    messages: [alertEnds(10)],
    atMost,
    ...script,
    init: { type, workflowId, runId: `run-${runs}`, args, at: threeAtNight },
    world: worldOf({ ...dynexDown, ...world }, takes),
    people: peopleOf(people, 'ann'),
  });
  assert.deepEqual(rehearsed.differing, [], 'a replay asks for other commands');
  return rehearsed;
}

/** The alert's end, so many minutes after its beginning. */
export const alertEnds = (after: number) => ({
  after: minutes(after),
  signal: 'alert',
  args: [anAlert({ status: 'resolved', endsAt: new Date(threeAtNight + minutes(after)).toISOString() })],
});

export const stepOf = (report: Report, title: string) => report.steps.findLast(step => step.title === title);
export const questionOf = (report: Report, title: string) => report.questions.findLast(question => question.title === title);
export const effects = ({ ran }: Rehearsal, type: string) => ran.filter(attempt => attempt.type === type);
/** Inputs of every attempt of an activity. */
export const inputsOf = <T>(rehearsed: Rehearsal, type: string) => effects(rehearsed, type).map(({ args }) => args[0] as T);
