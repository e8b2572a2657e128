import { condition } from '@temporalio/workflow';
import type { StepReport, TakeBack } from '../../contract/index.ts';
import type { Acting } from './acting.ts';
import type { Incident } from '../incident/incident.ts';
import { openQuestions } from '../record/state.ts';
import { actOnce, type StepWord } from './step.ts';

/** Takes one change back, as a step of its own; asks where somebody else has changed the object since. */
export async function takeBackStep(incident: Incident, of: string, takeBack: TakeBack): Promise<void> {
  const title = `Take back: ${of}`;
  const key = `${incident.id}/${encodeURIComponent(title)}/${encodeURIComponent(takeBack.key)}`;
  const acting: Acting = { title, key, type: 'takeBack', input: { takeBack }, approver: 'commander', blocking: true };
  await actOnce(incident, acting, { phase: '', takesBack: takeBack.key });
}

/** Takes back what the incident changed, the latest first, and then what removed an obstacle of that. */
export async function takeBackAll(incident: Incident): Promise<void> {
  await inReverse(incident, () => true);
  await takeBackClearings(incident);
}

/** Takes back what only removed obstacles of other steps. */
export const takeBackClearings = (incident: Incident) => inReverse(incident, ({ clears }) => clears !== undefined);

async function inReverse(incident: Incident, which: (step: StepReport) => boolean): Promise<void> {
  const changed = incident.state.steps.filter(
    (step): step is StepReport & { takeBack: TakeBack } => step.takeBack !== undefined && step.takesBack === undefined,
  );
  for (const { title, takeBack } of latestFirst(changed.filter(which))) await takeBackStep(incident, title, takeBack);
}

/** A step whose obstacle another had to remove began before it. */
const latestFirst = <S extends StepReport>(steps: S[]): S[] =>
  steps.toReversed().toSorted((a, b) => (b.changed ?? b.began).localeCompare(a.changed ?? a.began));

/** Nobody sits there when it falls due: what it asks then, or a hold that stops it, is paged. */
export async function whenDue(
  incident: Incident,
  at: string,
  restore: () => Promise<void>,
  { step }: { step: StepWord },
): Promise<void> {
  const left = Date.parse(at) - Date.now();
  const isWanted = () => incident.state.times.acknowledged !== undefined;
  if (left > 0) await condition(isWanted, left, { summary: incident.state.summary });
  let isOver = isWanted();
  const restored = restore().finally(() => {
    isOver = true;
  });
  await condition(() => isOver || openQuestions(incident.state).length > 0);
  if (!isOver) await step('Page: what was to end does not end by itself').oncall.page({ roles: ['primary'] });
  await restored;
}
