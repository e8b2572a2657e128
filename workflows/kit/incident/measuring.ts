import { metricMeter } from '@temporalio/workflow';
import { counters, durations, type Figure } from '../record/figures.ts';

/** Hands figures to the worker's exporter: no command comes of it, and a replay hands out nothing. */
export function measure(figures: Figure[]) {
  for (const figure of figures) {
    const { name, labels } = figure;
    if ('count' in figure) metricMeter.createCounter(name, '', counters[figure.name]).add(figure.count, { ...labels });
    else metricMeter.createHistogram(name, 'float', 's', durations[figure.name]).record(figure.seconds, { ...labels });
  }
}
