import { isFields, isText } from '../incident/fields.ts';
import type { Showing } from '../incident/incident.ts';
import { acknowledgeTaken } from '../words/activities.ts';

/** For whoever has acknowledged the incident here: beside it, so that a pager that is away delays nothing. */
export async function acknowledgePages(_: Showing, ...[start]: unknown[]): Promise<{ pages: number }> {
  const incident = isFields(start) ? start['incident'] : undefined;
  return isText(incident) ? acknowledgeTaken(incident) : { pages: 0 };
}
