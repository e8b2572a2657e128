import type { PlatformTimes, Report, TakeBack } from './contract/index.ts';
import { conduct } from './kit/course.ts';
import { openIncident } from './kit/current.ts';
import { takeBackStep } from './kit/take-back.ts';

/** What taking one change back is started with; its workflow id is `take-back:<digest of the key>`. */
export interface TakeBackStart {
  version: 1;
  /** Short name, as an incident has one. */
  name: string;
  /** Short name of the incident that made the change. */
  incident: string;
  /** Title of the step that made it. */
  title: string;
  takeBack: TakeBack;
  platform: PlatformTimes;
}

/** The one way back, for open, closed, reset and terminated incidents alike. Asked and decided as an incident is. */
export function takeBack({ name, incident: of, title, takeBack: change, platform }: TakeBackStart): Promise<Report> {
  const at = new Date().toISOString();
  const alert = {
    name: 'TakeBack',
    status: 'resolved',
    fingerprint: change.key,
    startsAt: at,
    labels: {},
    annotations: {},
    source: 'person',
  } as const;
  const because = `Take back “${title}” of ${of}`;
  const incident = openIncident(
    { title: 'Take Back', runbook: 'take-back', severity: 'P3' },
    { version: 1, name, alert, platform, because },
  );
  return conduct(incident, {
    body: () => takeBackStep(incident, title, change),
    closing: async () => incident.state.steps[0]?.because ?? 'nothing was done',
  });
}
