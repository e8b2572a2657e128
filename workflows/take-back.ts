import type { Report } from './contract/index.ts';
import { runLifecycle } from './kit/lifecycle/lifecycle.ts';
import { Incident, type Showing } from './kit/incident/incident.ts';
import { takeBackStartOf } from './kit/incident/start.ts';
import { takeBackStep, tellUndone, whenDue } from './kit/words/take-back.ts';

/** The one way back, for open, closed, reset and terminated incidents alike. Asked and decided as an incident is. */
export async function takeBack(show: Showing, ...args: unknown[]): Promise<Report> {
  const { name, incident: of, workflowId, title, takeBack: change, at, platform, attributes } = takeBackStartOf(args);
  const alert = {
    name: 'TakeBack',
    status: 'resolved',
    fingerprint: change.key,
    startsAt: new Date().toISOString(),
    labels: {},
    annotations: {},
    source: 'person',
  } as const;
  const because = `Undo “${title}” of ${of}${at === undefined ? '' : ` at ${at}`}`;
  const incident = new Incident(
    { title: 'Undo', runbook: 'take-back', severity: at === undefined ? 'P3' : 'P1' },
    { version: 1, name, alert, platform, because, attributes },
  );
  show(incident);
  const restore = async () => {
    await takeBackStep(incident, title, change);
    if (workflowId) await tellUndone(incident, workflowId, change);
  };
  return runLifecycle(incident, {
    body: speaker => (at === undefined ? restore() : whenDue(incident, at, restore, speaker)),
    closing: async () => incident.state.steps.find(step => step.takesBack === change.key)?.because ?? 'nothing was done',
  });
}
