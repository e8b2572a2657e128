import type { StepReport, TakeBack } from '../contract/index.ts';
import type { Incident } from './incident.ts';
import { act } from './step.ts';

/** Takes one change back, as a step of its own; asks where somebody else has changed the object since. */
export async function takeBackStep(incident: Incident, title: string, takeBack: TakeBack): Promise<void> {
  const name = `Take back: ${title}`;
  const key = `${incident.id}/${encodeURIComponent(name)}/${encodeURIComponent(takeBack.key)}`;
  if (!incident.step(key)) incident.record({ kind: 'step began', key, title: name, phase: '' });
  if (incident.step(key)?.ended) return;
  await act(incident, {
    title: name,
    key,
    type: 'takeBack',
    input: { takeBack },
    approver: 'commander',
    blocking: true,
  });
}

/** Takes back what the incident changed, the latest first. */
export async function takeBackAll(incident: Incident): Promise<void> {
  const changed = incident.state.steps.filter(
    (step): step is StepReport & { takeBack: TakeBack } => step.takeBack !== undefined && !step.title.startsWith('Take back: '),
  );
  for (const { title, takeBack } of changed.reverse()) await takeBackStep(incident, title, takeBack);
}
