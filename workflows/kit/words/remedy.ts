import type { Finding, Role } from '../../contract/index.ts';
import { holdDown } from '../record/alerts.ts';
import { after, type Duration, span } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { askPeople } from '../incident/questions.ts';
import { stillFiring } from '../record/counted-alerts.ts';
import { closeAnyway } from '../record/standing.ts';
import type { TaskWord } from './people.ts';
import type { PhaseWord } from './phases.ts';
import type { StepWord } from './step.ts';

/** The proposal of an investigation: one of the written causes or none, why, and what it ruled out. */
export interface Diagnosis<C extends string> {
  proposed?: C;
  why: string;
  ruledOut: string[];
}

export const noneSupported: Diagnosis<never> = { why: 'The findings support none of the written causes.', ruledOut: [] };

/** An outcome like any other: whoever knows more is paged, and people say what the cause is all the same. */
const noBranch = 'No written branch fits';
export const byHand = 'none of these (I will fix it manually)';

/** No one answers: it is worked on by hand; nothing changes by itself. */
const patience: Duration = '4 hours';
/** After so many pauses of the first length the later ones are longer: an installation may observe for weeks. */
const often = 12;
const lookAgain: Duration = '5 minutes';
const later: Duration = '1 hour';

export interface Remedy {
  <C extends string>(
    investigate: () => Promise<Diagnosis<NoInfer<C>>>,
    causes: Record<C, () => Promise<unknown>>,
    options: Options,
  ): Promise<void>;
  /** Without written causes: it measures whether it has recovered, and until then mitigates again. */
  (mitigate: () => Promise<unknown>, options: Pick<Options, 'recovered'>): Promise<void>;
}

interface Options {
  /** The role that decides on the cause. */
  owner: Role;
  recovered: () => Promise<Finding>;
  /** The role that is paged when the findings support none of the written causes. */
  expert?: Role;
}

interface Inner {
  phase: PhaseWord;
  step: StepWord;
  task: TaskWord;
}
type Round = () => Promise<Diagnosis<string>>;

export const remedyWord = (incident: Incident, words: Inner) =>
  ((work: Round, causes: Record<string, () => Promise<unknown>> | Pick<Options, 'recovered'>, options?: Options) =>
    options
      ? untilTheCauseIsGone(incident, words, work, causes as Record<string, () => Promise<unknown>>, options)
      : mitigateUntilRecovered(incident, work, (causes as Pick<Options, 'recovered'>).recovered)) as Remedy;

/** Investigates, asks for the cause, does what is written for it, and begins again until it is measured that it helped. */
async function untilTheCauseIsGone<C extends string>(
  incident: Incident,
  { phase, step, task }: Inner,
  investigate: () => Promise<Diagnosis<C>>,
  causes: Record<C, () => Promise<unknown>>,
  { owner, recovered, expert = 'infrastructure' }: Options,
): Promise<void> {
  const tried: Tried = { failed: [], found: '' };
  const measured = async () => {
    const finding = await recovered();
    tried.found = finding.evidence;
    return finding;
  };
  for (;;) {
    const diagnosis = await investigate();
    if (diagnosis.proposed === undefined) await step(noBranch).oncall.page({ roles: [expert] });
    const chosen = await askForCause(incident, diagnosis, Object.keys(causes), owner, tried);
    if (chosen === closeAnyway) return incident.endRemedy();
    if (chosen !== undefined)
      await phase('Resolution Steps', async () => {
        if (chosen in causes) await causes[chosen as C]();
        else await task('Resolve by hand', { owner, confirm: 'The fix is written down, and the symptoms are gone' });
      });
    const isOver = (await recovery(incident, measured)) || (await observeUntilRecovered(incident, measured));
    if (isOver && staysEnded(incident)) return;
    if (!isOver && chosen !== undefined) tried.failed.push(chosen);
  }
}

/** A round that ends at once would be the next at once. */
const betweenRounds: Duration = '1 minute';

/** Where findings choose what is done, no cause is asked for; the alert that fires again mitigates again. */
async function mitigateUntilRecovered(
  incident: Incident,
  mitigate: () => Promise<unknown>,
  recovered: () => Promise<Finding>,
): Promise<void> {
  for (;;) {
    const isOver = (await recovery(incident, recovered)) || isObservedToTheEnd(incident);
    if (isOver && staysEnded(incident)) return;
    if (!isOver) await incident.pause(span(betweenRounds), `mitigate again in ${betweenRounds}`);
    await mitigate();
  }
}

const isObservedToTheEnd = ({ state }: Incident) => state.mode === 'observe' && !stillFiring(state);

/** Earlier rounds: the causes that were wrong, and the measurement after the last of them. */
interface Tried {
  failed: string[];
  found: string;
}

async function askForCause(
  incident: Incident,
  { proposed, why, ruledOut }: Diagnosis<string>,
  causes: string[],
  owner: Role,
  { failed, found }: Tried,
): Promise<string | undefined> {
  const suggest = proposed !== undefined && !failed.includes(proposed) ? proposed : undefined;
  const learnt = failed.length > 0 ? [`Tried without success: ${failed.join(', ')}.`, found] : [];
  const answer = await askPeople(incident, {
    kind: 'choice',
    title: 'What is the cause?',
    choices: [...causes, byHand, ...(failed.length > 0 ? [closeAnyway] : [])],
    owner,
    because: [...(proposed === undefined ? [`${noBranch}.`] : []), why, ...learnt].join(' '),
    evidence: ruledOut.join(' '),
    by: patience,
    otherwise: byHand,
    suggest,
  });
  if (answer?.choice === closeAnyway && incident.state.givenUp === undefined)
    incident.record({ kind: 'given up', because: [answer.choice, answer.reason].filter(Boolean).join(': ') });
  return answer?.choice;
}

/** True if recovery is measured. Changes are rolled back here, so nothing is withdrawn meanwhile. */
async function recovery(incident: Incident, recovered: () => Promise<Finding>): Promise<boolean> {
  const passed = (what: 'recoveriesBegan' | 'recoveriesEnded') =>
    incident.comesAgain(what, '', time => time <= incident.state.replay[what] || undefined);
  if (!passed('recoveriesBegan')) incident.record({ kind: 'recovery began' });
  const { verdict } = await recovered();
  const until = after(incident.now(), incident.paced(holdDown));
  if (!passed('recoveriesEnded')) incident.record({ kind: 'recovery ended', verdict, until });
  return verdict === 'healthy';
}

/** Not so when the alert fired again in the quiet time: then it is investigated again. */
function staysEnded(incident: Incident): boolean {
  const time = incident.comesAgain('remedy', '', nth => nth) ?? 0;
  if (time > incident.state.replay.remediesEnded) incident.record({ kind: 'remedy ended' });
  incident.endRemedy();
  return !incident.state.replay.reopened.includes(time);
}

/** Where we only observe the cause is asked once; then we look until it is well, or the alert has ended. */
async function observeUntilRecovered(incident: Incident, recovered: () => Promise<Finding>): Promise<boolean> {
  if (incident.state.mode !== 'observe') return false;
  while (stillFiring(incident.state)) {
    const pause = incident.state.pauses < often ? lookAgain : later;
    await incident.pause(span(pause), `check again in ${pause}`, () => !stillFiring(incident.state));
    if (await recovery(incident, recovered)) return true;
  }
  return true;
}
