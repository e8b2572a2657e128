import type { AcknowledgeStart } from '../../contract/index.ts';
import { isText, read } from '../incident/fields.ts';
import type { Showing } from '../incident/incident.ts';
import type { Read } from '../incident/names.ts';
import { begun, wrongVersion } from '../incident/start.ts';
import { acknowledgeTaken } from '../words/activities.ts';

/** For whoever has acknowledged the incident here: beside it, so that a pager that is away delays nothing. */
export const acknowledgePages = async (_: Showing, ...args: unknown[]): Promise<{ pages: number }> =>
  acknowledgeTaken(begun(readAcknowledgeStart(args)).incident);

/** Reads whose pages are acknowledged. */
export const readAcknowledgeStart = (args: unknown[]): Read<AcknowledgeStart> =>
  read<AcknowledgeStart>(args, ({ version, incident }) => {
    if (version !== 1) return { malformed: wrongVersion };
    if (!isText(incident)) return { malformed: 'incident is the first run id of the incident' };
    return { ok: { version, incident } };
  });
