/** Counts and times since the start of the intake, in the text format of Prometheus. */

import { runbooks } from '../../workflows/catalog/index.ts';
import { resultWords } from './answer.ts';
import { acknowledgementResults } from './pagerduty.ts';
import { signing, variables } from './tokens.ts';

const families = {
  nqba_runbooks_intake_refused_total: 'Bodies that were refused, by path and status',
  nqba_runbooks_intake_alerts_total: 'Alerts that were answered, by path and result',
  nqba_runbooks_intake_acknowledgements_total: 'Events of PagerDuty that were answered, by result',
  nqba_runbooks_intake_left_out_total: 'Alerts that senders left out of a body, by path',
  nqba_runbooks_intake_unread_total: 'Alerts that name a runbook and could not be read, by runbook',
} as const;
const gauges = {
  nqba_runbooks_intake_watchdog_seconds: 'When a Watchdog came last, in seconds since 1970',
} as const;
type Family = keyof typeof families;
type Gauge = keyof typeof gauges;
const alertPaths = Object.keys(variables);
const bodyPaths = [...alertPaths, ...Object.keys(signing)];

/** Every series that there may be. */
const allSeries = (): (readonly [Family, Record<string, string>])[] => [
  ...bodyPaths.flatMap(path =>
    ['400', '401', '413'].map(status => ['nqba_runbooks_intake_refused_total', { path, status }] as const),
  ),
  ...alertPaths.flatMap(path => resultWords.map(result => ['nqba_runbooks_intake_alerts_total', { path, result }] as const)),
  ...acknowledgementResults.map(result => ['nqba_runbooks_intake_acknowledgements_total', { result }] as const),
  ...alertPaths.map(path => ['nqba_runbooks_intake_left_out_total', { path }] as const),
  ...runbooks.map(({ slug }) => ['nqba_runbooks_intake_unread_total', { runbook: slug }] as const),
];

export class Counters {
  readonly #counts = new Map<string, number>();
  readonly #values = new Map<Gauge, number>();

  /** Each series begins at 0: Prometheus sees no increase in one that begins at 1, and a single refused body would tell no one. */
  constructor() {
    for (const [family, labels] of allSeries()) this.add(family, labels, 0);
  }

  /** Values of labels come from closed lists, so that there are few series and none is to be escaped. */
  add(family: Family, labels: Record<string, string>, by = 1) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const series = `${family}{${pairs.join(',')}}`;
    this.#counts.set(series, (this.#counts.get(series) ?? 0) + by);
  }

  /** Absent until it is set for the first time. */
  set = (gauge: Gauge, value: number) => void this.#values.set(gauge, value);

  text(): string {
    const series = [...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const counters = Object.entries(families).flatMap(([family, help]) => [
      `# HELP ${family} ${help}`,
      `# TYPE ${family} counter`,
      ...series.flatMap(([name, count]) => (name.startsWith(`${family}{`) ? [`${name} ${count}`] : [])),
    ]);
    const times = [...this.#values].flatMap(([gauge, value]) => [
      `# HELP ${gauge} ${gauges[gauge]}`,
      `# TYPE ${gauge} gauge`,
      `${gauge} ${value}`,
    ]);
    return `${[...counters, ...times].join('\n')}\n`;
  }
}
