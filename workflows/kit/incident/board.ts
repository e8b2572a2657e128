import {
  type Asked,
  type Change,
  needsReason,
  readableChange,
  type PhaseReport,
  type Plan,
  type Question,
  type Refusal,
  type Report,
  stateText,
  type StepReport,
  type Unreached,
  unreachedText,
} from '../../contract/index.ts';
import { questionsPhase } from '../record/phases-of-ours.ts';
import { isOpen } from '../record/state.ts';
import { cut } from '../record/text.ts';

/** One screen: the newest steps, the oldest open questions, the first changes of a plan. */
const newest = 8;
const questionsShown = 4;
const changesShown = 4;
/** Characters of a text. */
const longestShown = 300;

/** The incident as Markdown, for the Temporal UI: phase and time left, open questions, changes, the newest steps last. */
export function board(report: Report, workflowId: string, now: string, refused?: Refusal): string {
  const { title, severity, state, summary, phases, steps, mode } = report;
  const phase = phases.findLast(({ ended }) => ended === undefined);
  const open = report.questions.filter(isOpen);
  return [
    `## ${plain(title)}: ${state} (${severity})`,
    [phase && phaseText(phase, now), mode === 'observe' && '**Observing: nothing is changed.**', pace(report)]
      .filter(Boolean)
      .join(' '),
    plain(summary),
    ...(report.unreached ? [missed(report, report.unreached)] : []),
    ...(refused ? [refusal(refused, now)] : []),
    ...open.slice(0, questionsShown).flatMap(question => asked(question, report.incident, workflowId)),
    ...more(open.length - questionsShown, 'questions'),
    ...changedBy(steps),
    '### Steps',
    steps
      .filter(({ phase }) => phase !== questionsPhase)
      .slice(-newest)
      .map(line)
      .join('\n'),
    ...listed(
      'Not delivered',
      report.undelivered.map(({ system }) => system),
    ),
    ...listed(
      'By hand, ready to paste',
      report.byHand.map(({ step }) => step),
    ),
  ].join('\n\n');
}

const missed = ({ times }: Report, unreached: Unreached[]) =>
  `${times.paged ? 'Not reached' : '**No one was reached**'}: ${plain(unreachedText(unreached))}`;

const refusal = ({ at, by, what, because }: Refusal, now: string) =>
  `**Refused** at ${moment(at, now)}: ${plain(what)}, sent by ${plain(by)}: ${plain(because)}`;

/** The time left is that of the newest event: Temporal renders the board without asking for the time. */
function phaseText({ title, by, overdue }: PhaseReport, now: string): string {
  if (by === undefined) return `Phase: ${plain(title)}.`;
  if (overdue !== undefined) return `Phase: ${plain(title)}, overdue since ${moment(overdue, now)}.`;
  const left = Math.ceil((Date.parse(by) - Date.parse(now)) / 60_000);
  return `Phase: ${plain(title)}, until ${moment(by, now)} (${left} minutes left at ${moment(now, now)}).`;
}

/** With its date, unless that is today's. */
const moment = (at: string, now: string) =>
  `${at.slice(0, 10) === now.slice(0, 10) ? '' : `${at.slice(0, 10)} `}${at.slice(11, 16)} UTC`;

/** The newest changes, each with its measured effect. */
function changedBy(steps: StepReport[]): string[] {
  const made = steps.filter(({ state, changes }) => (state === 'done' || state === 'part') && changes.length > 0);
  const lines = made.flatMap(({ changes, effect, undone }) => {
    const since = undone ? `undone at ${undone.slice(11, 16)} UTC` : effect?.text;
    return changes.map(change => `- ${plain(changed(change))}${since ? ` (${plain(since)})` : ''}`);
  });
  return lines.length > 0 ? ['### Changed', lines.slice(-newest).join('\n')] : [];
}

const pace = ({ timesFaster }: Report) =>
  timesFaster > 1 && `Practice time: waits are ${timesFaster} times shorter than written.`;

function asked(question: Question, incident: string, workflowId: string): string[] {
  const { title, choices, because, suggest, plan } = question;
  const choice = suggest ?? choices[0] ?? '';
  return [
    `### ${plain(title)}`,
    ...(question.kind === 'held' ? [`Held since ${question.asked}.`] : []),
    ...(because ? [plain(because), ...inFull(because, `\`runbooks show ${incident}\``)] : []),
    ...(plan ? [planned(plan)] : []),
    `Choices: ${choices.map(plain).join(' · ')}${suggest ? ` (proposed: ${plain(suggest)})` : ''}`,
    ...(question.second ? [eyes(question)] : []),
    unanswered(question),
    commands(question, choice, incident, workflowId),
  ];
}

function unanswered({ expires, otherwise = '', blocking }: Question): string {
  if (expires) return `Unanswered at ${expires}: ${plain(otherwise)}`;
  return `Unanswered: ${blocking ? 'it waits; nothing is changed.' : 'the incident continues without the answer.'}`;
}

/** The two commands that answer it so. */
function commands(question: Question, choice: string, incident: string, workflowId: string): string {
  const { id, text: form } = question;
  const decision = JSON.stringify({
    question: id,
    choice,
    by: 'YOU',
    text: form && 'NAME',
    reason: needsReason(choice) ? 'WHY' : undefined,
  });
  return [
    '```',
    commandFor(question, choice, incident),
    `temporal workflow signal -w ${quoted(workflowId)} --name decide --input ${quoted(decision)}`,
    '```',
  ].join('\n');
}

/** Our own command that answers it so. */
const commandFor = ({ id, text: form }: Question, choice: string, incident: string) =>
  `runbooks decide ${incident} ${id} ${quoted(choice)}${form ? ' --text NAME' : ''} --as YOU${needsReason(choice) ? ' --reason WHY' : ''}`;

/** A question as its announcement shows it. */
export function askedOf(question: Question, incident: string): Asked {
  const { title, owner, also, second, choices, suggest, because, expires, otherwise, plan } = question;
  return {
    title,
    owner,
    also,
    choices,
    command: commandFor(question, suggest ?? choices[0] ?? '', incident),
    second,
    suggest,
    because: because && [cut(because, longestShown), ...inFull(because, `runbooks show ${incident}`)].join(' '),
    expires: otherwise && expires,
    otherwise: expires && otherwise,
    plan: plan && inShort(plan),
  };
}

/** A cut text may have a command in it. */
const inFull = (text: string, command: string) => (text.length > longestShown ? [`${command} prints the whole text.`] : []);

/** For a message: what it costs first, then what is changed, and how much of each is not listed. */
const inShort = ({ changes, consequences }: Plan): string[] => [
  ...consequences.slice(0, changesShown),
  ...unlisted(consequences.length - changesShown, 'consequences'),
  ...changes.slice(0, changesShown).map(changed),
  ...unlisted(changes.length - changesShown, 'changes'),
];

const unlisted = (count: number, what: string) => (count > 0 ? [`${count} more ${what}: runbooks show lists them`] : []);

const eyes = ({ owner, second, votes = [] }: Question) =>
  `Two people must approve: one as ${owner}, one as ${second}. So far: ${votes.map(({ by, choice }) => plain(`${by} (${choice})`)).join(', ') || 'no one'}.`;

const planned = ({ changes, consequences }: Plan): string =>
  [
    ...changes.slice(0, changesShown).map(change => `- ${plain(changed(change))}`),
    ...more(changes.length - changesShown, 'changes'),
    ...consequences.slice(0, changesShown).map(text => `- ${plain(text)}`),
    ...more(consequences.length - changesShown, 'consequences'),
  ].join('\n');

function changed(change: Change): string {
  const { target, field, before, after } = readableChange(change);
  return `${target} ${field}: ${before ?? 'absent'} → ${after ?? 'absent'}`;
}

const line = ({ title, state, because }: StepReport) => `- ${plain(title)}: **${stateText(state)}** ${plain(because)}`;

const more = (count: number, what: string) => (count > 0 ? [`- and ${count} more ${what}: \`runbooks show\` lists them.`] : []);

const listed = (what: string, items: string[]) => (items.length > 0 ? [`${what}: ${cut(items.map(plain).join(', '), 600)}`] : []);

/** Markdown that shows a text as one line, and interprets none of it. */
const plain = (text: string) =>
  harmless.test(text)
    ? text
    : cut(text, longestShown)
        .replace(/\s+/g, ' ')
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .replace(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&')
        .replace(/^ ?(\d*)([-=.])/, '$1\\$2');

/** One word of a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Texts that need no escape, which are most. */
const harmless = /^[A-Za-z][A-Za-z0-9 ,:;%'-]{0,299}$/;
