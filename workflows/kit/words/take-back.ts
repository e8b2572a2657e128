import { condition, defineSignal, getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Messages, StepReport, TakeBack } from '../../contract/index.ts';
import type { Acting } from './acting.ts';
import type { Incident } from '../incident/incident.ts';
import { actOnce, type StepWord } from './step.ts';

/** Takes one change back, as a step of its own; asks where someone else has changed the object since. Each `order` of people tries again. */
export async function takeBackStep(incident: Incident, of: string, takeBack: TakeBack, order = 0): Promise<void> {
  const title = `Undo: ${of}`;
  const again = order > 0 ? `/${order}` : '';
  const key = `${incident.id}/${encodeURIComponent(title)}/${encodeURIComponent(takeBack.key)}${again}`;
  const acting: Acting = { title, key, type: 'takeBack', input: { takeBack }, blocking: true };
  const { state } = await actOnce(incident, acting, { phase: '', takesBack: takeBack.key });
  if (state === 'done') incident.record({ kind: 'undone', key: takeBack.key });
}

/** Takes back what the incident changed, the latest first, and then what removed an obstacle of that. */
export async function takeBackAll(incident: Incident, order: number, isOrdered = (_key: string) => true): Promise<void> {
  const makesRoom = ({ clears }: StepReport) => clears !== undefined && incident.step(clears)?.takesBack !== undefined;
  await inReverse(incident, step => isOrdered(step.takeBack.key) && !makesRoom(step), order);
  await takeBackClearings(incident, order);
}

/** Takes back what only removed obstacles of other steps. */
export const takeBackClearings = (incident: Incident, order = 0) =>
  inReverse(incident, ({ clears }) => clears !== undefined, order);

type Changed = StepReport & { takeBack: TakeBack };

async function inReverse(incident: Incident, which: (step: Changed) => boolean, order: number): Promise<void> {
  const { steps } = incident.state;
  const unfinished = new Set(steps.flatMap(({ takesBack, ended }) => (takesBack && ended === undefined ? takesBack : [])));
  const changed = steps
    .filter((step): step is Changed => step.takeBack !== undefined && step.takesBack === undefined)
    .filter(step => step.undone === undefined || unfinished.has(step.takeBack.key));
  for (const { title, takeBack } of newestOfEach(latestFirst(changed.filter(which))))
    await takeBackStep(incident, title, takeBack, order);
}

/** A record that several steps have is taken back once. */
const newestOfEach = (steps: Changed[]) =>
  steps.filter(({ takeBack }, index) => steps.findIndex(one => one.takeBack.key === takeBack.key) === index);

/** A step whose obstacle another had to remove began before it. */
const latestFirst = <S extends StepReport>(steps: S[]): S[] =>
  steps.toReversed().toSorted((a, b) => (b.changed ?? b.began).localeCompare(a.changed ?? a.began));

/** Milliseconds: what people approved for longer than this is announced at half time. */
const announced = 3_600_000;

function halfTime({ state: { incident, summary } }: Incident, at: string): string {
  const hours = Math.round((Date.parse(at) - Date.now()) / 360_000) / 10;
  return `${summary}: half of its time is over, and in ${hours} h it happens by itself. Now: runbooks ack ${incident}. Never: runbooks cancel ${incident} --reason "…".`;
}

/** No one sits there when it falls due: what it asks then, or a hold that stops it, begins the escalation. */
export async function whenDue(
  incident: Incident,
  at: string,
  restore: () => Promise<void>,
  { step }: { step: StepWord },
): Promise<void> {
  const isWanted = () => incident.state.times.acknowledged !== undefined;
  const left = () => Date.parse(at) - Date.now();
  if (left() > incident.paced(announced)) {
    await condition(isWanted, left() / 2, { summary: `Announce: ${incident.state.summary}` });
    // No message holds the undo.
    if (!isWanted()) void step('Announce: half of its time is over').comms.remark({ text: halfTime(incident, at) });
  }
  if (left() > 0) await condition(isWanted, left(), { summary: incident.state.summary });
  await restore();
}

/** The incident that made the change hears that it is undone; one that is over need not. */
export async function tellUndone({ state }: Incident, workflowId: string, { key }: TakeBack): Promise<void> {
  if (state.steps.find(({ takesBack }) => takesBack === key)?.state !== 'done') return;
  const undone = defineSignal<[Messages['undone']]>('undone');
  await getExternalWorkflowHandle(workflowId)
    .signal(undone, { key, by: state.commander ?? 'its time limit' })
    .catch(() => undefined);
}
