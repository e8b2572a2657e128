import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { isAction } from '../../../workflows/catalog/activities.ts';
import type { Report, TakeBack } from '../../../workflows/contract/index.ts';
import type { Seen } from './invariants.ts';
import { holds } from './violation.ts';
import type { World } from './world.ts';

/** Checked at the end. */
export function checkEnd({ report, world }: Seen, { differing, closed, tasks }: Rehearsal) {
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
  inOrder(report);
  takenBackInReverse(report, world);
  undoneOrSaid(report);
  actionsAreNeverCutOff(tasks);
  settled(report);
  nothingAfterTheEnd(report, world);
  smallMessages(tasks);
  bounded(report);
}

/** I7: the timeline is in order, bounded, and tells every answer. */
function inOrder({ timeline = [], questions }: Report) {
  const back = timeline.find(({ at }, index) => index > 0 && at < (timeline[index - 1]?.at ?? ''));
  holds('I7', back === undefined, () => `the timeline goes back at ${back?.at}: ${back?.what}`);
  holds('I7', timeline.length > 0 && timeline.length <= 200, () => `the timeline has ${timeline.length} entries`);
  const [from = { at: '' }] = timeline.length < 200 ? [] : timeline;
  const untold = questions.find(
    ({ id, answer }) =>
      answer && answer.at > from.at && !timeline.some(({ at, what }) => at === answer.at && what.includes(`(${id})`)),
  );
  holds('I7', untold === undefined, () => `the timeline does not tell the answer to ${untold?.id}`);
}

/** I5: whoever cancels and undoes has the latest undone first. */
function takenBackInReverse({ questions }: Report, { effects, lastAnswered }: World) {
  const since = Date.parse(questions.find(({ kind }) => kind === 'cancelled')?.answer?.at ?? '');
  const undone = effects.flatMap(({ type, input, at }) => {
    const { takeBack } = input as { takeBack?: TakeBack };
    const done = effects.find(({ type, key }) => isAction(type) && key === takeBack?.key);
    return type === 'takeBack' && done && at >= since && !clearsAnUndo(done) ? [lastAnswered.get(done.key) ?? 0] : [];
  });
  const isReverse = undone.every((done, index) => index === 0 || done < (undone[index - 1] ?? 0));
  holds('I5', isReverse, () => `taken back in the order ${undone.join(', ')}`);
}

/** What makes room for taking back stays until everything is taken back. */
const clearsAnUndo = ({ title }: { title: string }) => title.includes(': Undo: ');

/** I5: an action in flight settles; whoever cancels then knows what there is to undo. */
function actionsAreNeverCutOff(tasks: Rehearsal['tasks']) {
  const types = new Map<number, string>();
  for (const command of tasks.flat()) {
    if (command.continueAsNewWorkflowExecution) types.clear();
    if (command.scheduleActivity) types.set(command.scheduleActivity.seq ?? 0, command.scheduleActivity.activityType ?? '');
    const cut = command.requestCancelActivity && types.get(command.requestCancelActivity.seq ?? 0);
    holds('I5', !cut || !isAction(cut), () => `${cut} was cancelled in flight`);
  }
}

/** I5: whoever wants it undone is told of each change what became of it. I14: so is whoever gave a replica back. */
function undoneOrSaid({ questions, steps, outcome }: Report) {
  const isUndone = questions.some(({ kind, answer }) => kind === 'cancelled' && answer?.choice === 'undo');
  const left = steps
    .filter(({ title, takeBack, undone }) => takeBack && undone === undefined && !title.startsWith('Undo: '))
    .filter(({ title }) => isUndone || (outcome === 'recovered' && title.startsWith('Give back a replica')))
    .find(({ takeBack }) => !steps.some(({ takesBack, ended }) => takesBack === takeBack?.key && ended !== undefined));
  holds(isUndone ? 'I5' : 'I14', left === undefined, () => `nobody says what became of undoing ${left?.title}`);
}

/** I6: of every step that began it is told how it ended. */
function settled({ steps, state }: Report) {
  const open = steps.find(({ ended }) => !ended);
  holds('I6', state !== 'closed' || open === undefined, () => `${open?.title} was left ${open?.state}`);
}

/** I15: no activity is told more than 16 KiB. */
function smallMessages(tasks: Rehearsal['tasks']) {
  for (const { scheduleActivity } of tasks.flat()) {
    const bytes = (scheduleActivity?.arguments ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    holds(
      'I15',
      scheduleActivity?.activityType === 'saveReport' || bytes <= 16 * 1024,
      () => `${scheduleActivity?.activityType} is told ${bytes} bytes`,
    );
  }
}

/** I13: nothing changes the platform after the incident is closed, and after a cancellation only its undoing does. */
function nothingAfterTheEnd({ times }: Report, { effects }: World) {
  const closed = Date.parse(times.closed ?? '');
  const late = effects.find(({ at, type }) => at > closed && type !== 'resolveIncident');
  holds('I13', late === undefined, () => `${late?.title} took effect after the end`);
}

/** I15: what is carried stays small. */
function bounded(report: Report) {
  holds('I15', JSON.stringify(report).length < 512 * 1024, () => 'the report has grown over 512 KiB');
}
