import type { Report } from '../../../workflows/contract/index.ts';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import type { Sent } from './people.ts';
import { changing, type Effect, type World } from './world.ts';

/** What must hold, by the names of docs/decisions: a broken one ends the simulation. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

const holds = (invariant: string, is: boolean, message: () => string) => {
  if (!is) throw new Violation(invariant, message());
};

export interface Seen {
  report: Report;
  world: World;
  sent: Sent[];
}

/** Checked after every workflow task. */
export function checkAlways({ report, world, sent }: Seen) {
  for (const effect of world.effects) {
    approvedByPeople(effect, report);
    onceEach(effect, report, world);
  }
  firstValidWins(report, sent);
  timeNeverApproves(report);
  neverTriedInVain(world);
  healthyOnlyWhileSomebodyLooked(world);
  recordedBefore(report, world);
  resolvedOnlyWhenMeasured(world);
  bounded(report);
}

/** I1: what must be approved was approved, on the very plan. */
function approvedByPeople({ approved, key }: Effect, { questions }: Report) {
  if (approved === undefined) return;
  const yes = questions.some(({ plan, answer }) => plan?.digest === approved && answer?.choice === 'approve');
  holds('I1', yes, () => `${key} was done under ${approved}, which nobody approved`);
}

/** I2: a step occurrence has one effect, however often it is tried. */
function onceEach({ key, title }: Effect, report: Report, { effects }: World) {
  const step = stepOf(key, report);
  const same = effects.filter(effect => stepOf(effect.key, report) === step && effect.title === title);
  holds('I2', same.length === 1, () => `${title} took effect ${same.length} times: ${same.map(effect => effect.key).join(', ')}`);
}

/** The step that a key belongs to; a later try has a letter behind the key of the step. */
const stepOf = (key: string, { steps }: Report) =>
  steps.find(step => key === step.key) ??
  steps.find(step => key.startsWith(step.key) && /^[b-z]$/.test(key.slice(step.key.length)));

/** I3: the first valid decision is the answer. */
function firstValidWins({ questions }: Report, sent: Sent[]) {
  for (const { id, choices, answer, asked, kind } of questions) {
    if (!answer || answer.how !== 'claimed' || kind === 'held') continue;
    const heard = sent.filter(({ question, at }) => question === id && at >= Date.parse(asked)).sort((a, b) => a.at - b.at);
    const first = heard.find(({ choice }) => choices.includes(choice));
    holds(
      'I3',
      first?.choice === answer.choice && first.by === answer.by,
      () => `${id} was decided by ${answer.by}: ${answer.choice}, but first came ${first?.by}: ${first?.choice}`,
    );
  }
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
function healthyOnlyWhileSomebodyLooked({ watches }: World) {
  const short = watches.find(({ held, wanted }) => held < wanted);
  holds('I14', short === undefined, () => `${short?.title} was called healthy after ${short?.held} ms of ${short?.wanted}`);
}

/** I6: every effect belongs to a step that stood in the record before. */
function recordedBefore(report: Report, { effects }: World) {
  for (const { key, at, title } of effects) {
    const step = stepOf(key, report);
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

/** I15: what is carried stays small. */
function bounded(report: Report) {
  holds('I15', JSON.stringify(report).length < 512 * 1024, () => 'the report has grown over 512 KiB');
}

/** Checked at the end. */
export function checkEnd({ report, world }: Seen, { journal, differing, closed, tasks }: Rehearsal) {
  holds('I10', differing.length === 0, () => `tasks ${differing.join(', ')} differ in a replay`);
  holds(
    'I4',
    closed,
    () =>
      `it does not end: ${report.state}, open: ${report.questions
        .filter(({ answer, withdrawn }) => !answer && !withdrawn)
        .map(({ id }) => id)
        .join(', ')}; running: ${report.steps
        .filter(({ ended }) => !ended)
        .map(({ title }) => title)
        .join(', ')}`,
  );
  const gap = journal.find(({ number }, index) => index > 0 && number !== (journal[index - 1]?.number ?? 0) + 1);
  holds('I7', gap === undefined, () => `the journal has a gap before ${gap?.number}`);
  const long = journal.find(entry => JSON.stringify(entry).length > 1024);
  holds('I15', long === undefined, () => `an entry of ${JSON.stringify(long).length} characters`);
  takenBackInReverse(world);
  actionsAreNeverCutOff(tasks);
  nothingAfterTheEnd(report, world);
}

/** I5: what is undone is undone the latest first. */
function takenBackInReverse({ effects }: World) {
  const keys = effects
    .filter(({ type }) => type === 'takeBack')
    .map(({ input }) => (input as { takeBack: { key: string } }).takeBack.key);
  const order = keys.map(key => effects.findIndex(effect => effect.key === key));
  holds(
    'I5',
    order.every((at, index) => index === 0 || at < (order[index - 1] ?? 0)),
    () => `taken back in the order ${order.join(', ')}`,
  );
}

/** I5: an action in flight settles; whoever cancels then knows what there is to undo. */
function actionsAreNeverCutOff(tasks: Rehearsal['tasks']) {
  const types = new Map<number, string>();
  for (const command of tasks.flat()) {
    if (command.continueAsNewWorkflowExecution) types.clear();
    if (command.scheduleActivity) types.set(command.scheduleActivity.seq ?? 0, command.scheduleActivity.activityType ?? '');
    const cut = command.requestCancelActivity && types.get(command.requestCancelActivity.seq ?? 0);
    holds('I5', !cut || !changing.has(cut), () => `${cut} was cancelled in flight`);
  }
}

/** I3: what was decided stays decided, and no alert is taken for another. */
export class Memory {
  private readonly answers = new Map<string, string>();

  check(
    { questions, alerts }: Report,
    delivered: { fingerprint: string; startsAt: string; status: string; at: number }[],
    now: number,
  ) {
    for (const [id, choice] of this.answers)
      holds('I3', questions.find(asked => asked.id === id)?.answer?.choice === choice, () => `the answer to ${id} was lost`);
    for (const { id, answer } of questions) if (answer) this.answers.set(id, answer.choice);
    for (const { fingerprint, status, name } of alerts) {
      const told = delivered.filter(one => one.fingerprint === fingerprint && one.at <= now).sort((a, b) => a.at - b.at);
      // One that comes at this very moment may or may not have been heard.
      const said = [told.at(-1), told.findLast(({ at }) => at < now)].map(one => one?.status);
      holds(
        'I3',
        told.length === 0 || said.includes(status),
        () => `${name} ${fingerprint} counts as ${status}, which nobody said`,
      );
    }
  }
}

/** I13: nothing changes the platform after the incident is closed, and after a cancellation only its undoing does. */
function nothingAfterTheEnd({ times }: Report, { effects }: World) {
  const closed = Date.parse(times.closed ?? '');
  const late = effects.find(({ at, type }) => at > closed && type !== 'resolveIncident');
  holds('I13', late === undefined, () => `${late?.title} took effect after the end`);
}
