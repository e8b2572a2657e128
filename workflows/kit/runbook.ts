import { runbooks } from '../catalog/index.ts';
import type { Alert, Report, Start } from '../contract/index.ts';
import { close } from './closing.ts';
import { conduct } from './course.ts';
import { openIncident } from './incident.ts';
import type { Words } from './words.ts';

/** Makes a workflow of a written runbook. It owns both ends: handlers before the body, the record after it. */
export function runbook(
  title: string,
  body: (words: Words, alert: Alert) => Promise<unknown>,
): (start: Start) => Promise<Report> {
  const { slug, severity, incident: shared } = inCatalog(title);
  return start => {
    const incident = openIncident({ title, runbook: slug, severity }, start);
    return conduct(
      incident,
      speaker => body(speaker, start.alert),
      speaker =>
        close(incident, speaker, () => speaker.check('Recovery criteria').observe.recovered({ of: shared as 'dynex-outage' })),
    );
  };
}

function inCatalog(title: string) {
  const entry = runbooks.find(written => written.title === title);
  if (entry === undefined) throw new Error(`The catalog has no runbook called ${title}`);
  return entry;
}
