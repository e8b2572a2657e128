import type { PlatformTimes, Report, TakeBack } from './contract/index.ts';
import { runLifecycle } from './kit/lifecycle/lifecycle.ts';
import { Incident, type Showing } from './kit/incident/incident.ts';
import { takeBackStep, whenDue } from './kit/words/take-back.ts';

/** The input of one undo; its workflow id is `take-back:<digest of the key>`. */
export interface TakeBackStart {
  version: 1;
  /** Short name, as an incident has one. */
  name: string;
  /** Short name of the incident that made the change. */
  incident: string;
  /** Title of the step that made it. */
  title: string;
  takeBack: TakeBack;
  /** RFC 3339; it waits until then, or until someone acknowledges, who wants it now. */
  at?: string;
  platform: PlatformTimes;
}

/** The one way back, for open, closed, reset and terminated incidents alike. Asked and decided as an incident is. */
export function takeBack(
  { name, incident: of, title, takeBack: change, at, platform }: TakeBackStart,
  show?: Showing,
): Promise<Report> {
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
    { version: 1, name, alert, platform, because },
  );
  show?.(incident);
  const restore = () => takeBackStep(incident, title, change);
  return runLifecycle(incident, {
    body: speaker => (at === undefined ? restore() : whenDue(incident, at, restore, speaker)),
    closing: async () => incident.state.steps[0]?.because ?? 'nothing was done',
  });
}
