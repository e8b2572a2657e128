/** The bodies that the intake refused: an alert in one of them opened nothing. */

import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import { fine, type Line, lookedIfAnswered, warning } from './line.ts';
import type { Sight } from './sight.ts';

const check = 'Refused bodies';
const series = 'nqba_runbooks_intake_refused_total';
const query = `sum by (path, status) (increase(${series}[1h]))`;

/** Of the last hour. */
export const refusedLines = ({ systems: { prometheus } }: Pick<Sight, 'systems'>): Promise<Line[]> =>
  prometheus ? lookedIfAnswered(check, () => lineOf(prometheus)) : Promise.resolve([]);

async function lineOf(prometheus: Prometheus): Promise<Line[]> {
  const samples = await prometheus.query(query);
  if (samples.length === 0) return [warning(check, unknown)];
  const refused = samples.filter(({ value }) => value > 0).toSorted((one, other) => other.value - one.value);
  if (refused.length === 0) return [fine(check, 'none in the last hour.')];
  const each = refused.map(
    ({ labels, value }) => `${Math.max(1, Math.round(value))} × ${labels['status'] ?? '?'} ${labels['path'] ?? '?'}`,
  );
  return [
    warning(check, `about, in the last hour: ${each.join(', ')}. Each may hide an outage: the log of the intake says why.`),
  ];
}

const unknown = `not known: no samples of ${series}. Set INTAKE_METRICS_PORT of the intake, and let Prometheus scrape it.`;
