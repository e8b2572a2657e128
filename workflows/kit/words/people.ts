import type { Answer, Role, Severity, StepReport, TextForm } from '../../contract/index.ts';
import { hasResolved } from '../record/alerts.ts';
import type { Duration } from '../record/duration.ts';
import type { Event } from '../record/events.ts';
import type { Incident } from '../incident/incident.ts';
import { askPeople } from '../incident/questions.ts';
import { isOpen } from '../record/state.ts';

export interface TaskOptions {
  owner: Role;
  /** The statement that the person confirms. */
  confirm: string;
  /** From when it is asked, or at that time; then it becomes a follow-up. */
  by?: Duration | Date;
  /** Whoever acknowledges the incident, in whichever way, has confirmed it. */
  acknowledges?: true;
  /** `false`: a follow-up that the incident does not wait for. */
  blocks?: boolean;
  /** Later runs of the operation find the same: they have one ticket for its owner and title. `since`: RFC 3339, if it is known. */
  recurs?: { since?: string | undefined };
  /** A follow-up of an earlier run that is over: only its ticket is told, where tickets are connected. */
  over?: true;
}

export type TaskWord = (title: string, options: TaskOptions) => Promise<void>;
export interface AskOptions<C extends string> {
  owner: Role;
  suggest?: C;
  because?: string;
  evidence?: string;
  otherwise: C;
  /** Four eyes: who else must want any choice but `otherwise`, as a different person. */
  second?: Role;
  /** From when it is announced, or at that time; then it is `otherwise`. */
  by?: Duration | Date;
  /** Choices that make the incident graver: whoever answers so has raised its severity. */
  raises?: Partial<Record<C, Severity>>;
}

/** A choice of people, or the name of something, checked to look like one; `otherwise` when no one answers in time. */
export interface Ask {
  <const C extends string>(question: string, choices: readonly C[], options: AskOptions<C>): Promise<C>;
  (question: string, wanted: { text: TextForm }, options: AskOptions<string>): Promise<string>;
}

/** The answer of a task that no one confirms in time. */
const later = 'later: now a follow-up';

/** The statement is true once the work is done, not yet when it is asked for. */
const toConfirm = (confirm: string) => `Confirm with “done” once this is true: ${confirm}`;

/** Work of people that the runbook waits for, as the step that `begin` notes. */
export async function taskWord(
  incident: Incident,
  begin: (title: string) => { key: string; recorded: StepReport | undefined },
  title: string,
  options: TaskOptions,
): Promise<void> {
  const { owner, confirm, by, blocks = true } = options;
  if (!blocks) return followUp(incident, title, options);
  const { key, recorded } = begin(title);
  if (recorded?.ended) return;
  if (!recorded) incident.record({ kind: 'step settled', key, state: 'waiting', because: toConfirm(confirm) });
  void withdrawWhenAcknowledged(incident, title, options);
  const answer = await askPeople(incident, {
    kind: 'task',
    title,
    choices: ['done'],
    owner,
    because: toConfirm(confirm),
    by,
    otherwise: by && later,
  });
  const resolved = isWithdrawn(incident, title, hasResolved);
  if (answer?.choice === later || resolved) followUp(incident, title, options);
  const settled = resolved
    ? ({ state: 'withdrawn', because: `${hasResolved}: now a follow-up` } as const)
    : settledBy(answer ?? acknowledgedBy(incident, options), confirm);
  incident.record({ kind: 'step settled', key, ...settled });
}

const hasAcknowledged = 'the incident was acknowledged';

async function withdrawWhenAcknowledged(incident: Incident, title: string, { acknowledges }: TaskOptions): Promise<void> {
  if (!acknowledges) return;
  await incident.until(() => incident.state.times.acknowledged !== undefined);
  const question = incident.state.questions.findLast(asked => asked.title === title && asked.kind === 'task');
  if (question && isOpen(question)) incident.record({ kind: 'withdrawn', question: question.id, because: hasAcknowledged });
}

/** The answer of whoever acknowledged otherwise. */
const acknowledgedBy = ({ state: { commander: by = '' } }: Incident, { acknowledges }: TaskOptions) =>
  acknowledges && { choice: 'done', by };

const isWithdrawn = ({ state }: Incident, title: string, because: string) =>
  state.questions.findLast(asked => asked.title === title && asked.kind === 'task')?.withdrawn === because;

function settledBy(answer: Pick<Answer, 'choice' | 'by'> | undefined, confirm: string) {
  if (answer?.choice === 'done') return { state: 'done', because: `${confirm} (${answer.by})` } as const;
  return { state: 'withdrawn', because: answer?.choice ?? 'withdrawn' } as const;
}

function followUp(incident: Incident, title: string, options: TaskOptions) {
  const { owner, confirm, recurs, over } = options;
  const known = incident.comesAgain(
    'follow-up',
    title,
    time => incident.state.followUps.filter(one => one.title === title)[time - 1],
  );
  if (known || (over && !incident.start.platform.tickets)) return;
  const event: Extract<Event, { kind: 'follow-up' }> = { kind: 'follow-up', title, owner, confirm };
  if (recurs) event.recurs = `${incident.state.runbook}/${owner}/${title}`;
  if (recurs?.since !== undefined) event.since = recurs.since;
  if (over) event.over = over;
  incident.record(event);
}

export const askWord = (incident: Incident) =>
  (async (title: string, wanted: readonly string[] | { text: TextForm }, options: AskOptions<string>) => {
    if ('text' in wanted) return nameOf(incident, title, wanted.text, options);
    const { raises = {}, ...asked } = options;
    const answer = await askPeople(incident, { kind: 'choice', title, choices: wanted, ...asked });
    if (answer) raise(incident, title, answer, raises[answer.choice]);
    return answer?.choice ?? options.otherwise;
  }) as Ask;

/** Once: a person may lower it again. */
function raise(incident: Incident, title: string, { choice, by }: Answer, severity: Severity | undefined) {
  if (severity === undefined) return;
  const reason = `${title}: ${choice}`;
  const changes = () => incident.state.severityChanges ?? [];
  const known = incident.comesAgain('raised', title, time => changes().filter(change => change.reason === reason)[time - 1]);
  if (!known && severity < incident.state.severity) incident.record({ kind: 'severity', severity, by, reason });
}

async function nameOf(incident: Incident, title: string, text: TextForm, options: AskOptions<string>): Promise<string> {
  const answer = await askPeople(incident, { kind: 'text', title, choices: [text, options.otherwise], text, ...options });
  return answer?.text ?? options.otherwise;
}
