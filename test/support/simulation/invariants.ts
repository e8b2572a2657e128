/** Checked after every workflow task, by the names of docs/decisions. */

import { isAction } from '../../../workflows/catalog/activities.ts';
import type { Asked, Report } from '../../../workflows/contract/index.ts';
import type { People } from './people.ts';
import { holds } from './violation.ts';
import type { World } from './world.ts';

export interface Seen {
  report: Report;
  world: World;
  people: People;
}

/** Checked after every workflow task. */
export function checkAlways({ report, world, people }: Seen) {
  const stepOf = stepsOf(report);
  approvedByPeople(world, report);
  onceEach(world, stepOf);
  onlyUndoneAfterCancelling(stepOf, world, people);
  oneRolloutAtATime(world);
  announcedAtOnce(report);
  remindedOnce(world);
  nobodyIsWokenForLittle(report);
  timeNeverApproves(report);
  neverTriedInVain(world);
  healthyOnlyWhileSomebodyLooked(world);
  recordedBefore(stepOf, world);
  resolvedOnlyWhenMeasured(world);
}

/** The step that a key belongs to; a later try has a letter behind the key of the step. */
function stepsOf({ steps }: Report) {
  const byKey = new Map(steps.map(step => [step.key, step]));
  return (key: string) => byKey.get(key) ?? byKey.get(key.replace(/[b-z]$/, ''));
}
type StepOf = ReturnType<typeof stepsOf>;

/** I1: what must be approved was approved, on the very plan. */
function approvedByPeople({ effects }: World, { questions }: Report) {
  const approvals = new Set(questions.flatMap(({ plan, answer }) => (answer?.choice === 'approve' ? (plan?.digest ?? []) : [])));
  const unseen = effects.find(({ approved }) => approved !== undefined && !approvals.has(approved));
  holds('I1', unseen === undefined, () => `${unseen?.key} was done under ${unseen?.approved}, which nobody approved`);
}

/** I2: a step occurrence has one effect, however often it is tried; one that others undid while it was tried may be there again. */
function onceEach({ effects, objects }: World, stepOf: StepOf) {
  const done = effects
    .filter(effect => !objects.isUndone(effect))
    .map(({ key, title }) => `${title}: ${stepOf(key)?.key ?? key}`);
  holds(
    'I2',
    new Set(done).size === done.length,
    () => `took effect twice: ${done.find((one, index) => done.indexOf(one) !== index)}`,
  );
}

/** I3: when nobody answers, the answer is the one that was said beforehand. */
function timeNeverApproves({ questions }: Report) {
  const wrong = questions.find(({ answer, otherwise }) => answer?.how === 'time' && answer.choice !== otherwise);
  holds('I3', wrong === undefined, () => `time answered ${wrong?.id} with ${wrong?.answer?.choice}`);
}

/** I2: an outside system repeats for ever what it definitely refused under a key. */
function neverTriedInVain({ triedInVain }: World) {
  holds('I2', triedInVain.length === 0, () => `${triedInVain[0]} was refused for good, and tried again`);
}

/** I14: a watch is healthy only when somebody looked for as long as it must hold. */
function healthyOnlyWhileSomebodyLooked({ measuring: { watches } }: World) {
  const short = watches.find(({ held, wanted }) => held < wanted);
  holds('I14', short === undefined, () => `${short?.title} was called healthy after ${short?.held} ms of ${short?.wanted}`);
}

/** I6: every effect belongs to a step that stood in the record before. */
function recordedBefore(stepOf: StepOf, { effects }: World) {
  for (const { key, at, title } of effects) {
    const step = stepOf(key);
    holds('I6', step !== undefined && Date.parse(step.began) <= at, () => `${title} took effect without a step`);
  }
}

/** I12: nobody is told that it is over before somebody measured it. */
function resolvedOnlyWhenMeasured({ effects, looks }: World) {
  for (const { type, input, at, title } of effects) {
    const words = input as { resolved?: boolean; status?: string };
    const claims = (type === 'resolveIncident' && words.resolved !== false) || words.status === 'operational';
    const measured = looks.some(
      look => look.verdict === 'healthy' && look.at <= at && ['recovered', 'watch', 'jobs'].includes(look.type),
    );
    holds('I12', !claims || measured, () => `${title} says that it is over, which nobody measured`);
  }
}

/** I13: what begins after a cancellation only takes back. */
function onlyUndoneAfterCancelling(stepOf: StepOf, { effects }: World, { commands: { cancelled } }: People) {
  const late = effects
    .filter(({ type, title }) => isAction(type) && type !== 'takeBack' && !title.includes('Undo: '))
    .find(({ key }) => Date.parse(stepOf(key)?.began ?? '') > (cancelled[0]?.at ?? Number.POSITIVE_INFINITY));
  holds('I13', late === undefined, () => `${late?.title} began after the incident was cancelled`);
}

/** I14: the quota has room for the surge of one rollout, and the replicas stay as they are. */
function oneRolloutAtATime({ rollouts }: World) {
  const beside = rollouts.find(({ from }, index) => rollouts.slice(0, index).some(({ to }) => from < to));
  holds('I14', beside === undefined, () => `${beside?.key} rolled out beside another`);
}

/** Each question is announced when it is asked, whatever else is open. */
function announcedAtOnce({ questions }: Report) {
  const late = questions.find(({ asked, announced }) => announced !== asked);
  holds(
    'announced at once',
    late === undefined,
    () => `${late?.id} was asked at ${late?.asked}, announced at ${late?.announced}`,
  );
}

/** However often a message is sent, people read it once. */
function remindedOnce({ effects }: World) {
  const told = effects.filter(({ type }) => type === 'announce').map(({ input }) => JSON.stringify(wordsOf(input)));
  const twice = told.find((words, index) => told.indexOf(words) !== index);
  holds('reminded once', twice === undefined, () => `people were told twice: ${twice}`);
}

const wordsOf = (input: unknown) => {
  const { question, reminder } = input as { question: Asked; reminder: number };
  return [question.command, reminder];
};

/** The clocks wake nobody for a P2 or a P3. */
function nobodyIsWokenForLittle({ steps, severity, severityChanges = [] }: Report) {
  const at = (heard: (change: string) => boolean) => severityChanges.find(change => !heard(change.at))?.from ?? severity;
  const isLittleAt = (time: string) => isLittle(at(change => change < time)) && isLittle(at(change => change <= time));
  const woken = steps.find(({ phase, began }) => phase === 'Paging' && isLittleAt(began));
  holds('nobody is woken for little', woken === undefined, () => `${woken?.title} at a severity that wakes nobody`);
}

const isLittle = (severity: string) => severity === 'P2' || severity === 'P3';
