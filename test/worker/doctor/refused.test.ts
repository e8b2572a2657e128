/** The doctor says which bodies the intake refused in the last hour. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { refusedLines } from '../../../worker/doctor/refused.ts';
import { answers, connected, refuses } from '../../activities/bare.ts';

const counted = (...samples: [Record<string, string>, number][]) => {
  const result = samples.map(([metric, value]) => ({ metric, value: [0, `${value}`] }));
  return answers(200, { status: 'success', data: { resultType: 'vector', result } });
};
const linesFor = (fetch: () => Response) =>
  refusedLines({ systems: connected({ prometheus: { url: 'http://prometheus', fetch } }) });

test('refused bodies are a warning with their number, status and path, the most frequent first', async () => {
  const [line, ...others] = await linesFor(
    counted(
      [{ path: '/alertmanager', status: '401' }, 0],
      [{ path: '/grafana', status: '400' }, 1.017],
      [{ path: '/alertmanager', status: '413' }, 12],
    ),
  );
  assert.deepEqual(others, []);
  assert.equal(line?.warning, true);
  assert.match(
    line?.text ?? '',
    /^about, in the last hour: 12 × 413 \/alertmanager, 1 × 400 \/grafana\. .*the log of the intake/,
  );
});

test('none in the last hour is told as such only where the intake is scraped', async () => {
  const [none] = await linesFor(counted([{ path: '/alertmanager', status: '401' }, 0]));
  assert.deepEqual([none?.warning, none?.text], [undefined, 'none in the last hour.']);
  const [unknown] = await linesFor(counted());
  assert.equal(unknown?.warning, true);
  assert.match(unknown?.text ?? '', /^not known: no samples of nqba_runbooks_intake_refused_total\. Set INTAKE_METRICS_PORT/);
});

test('where Prometheus does not answer, they are told as not checked', async () => {
  const [line, ...others] = await linesFor(refuses);
  assert.deepEqual([line?.warning, others], [true, []]);
  assert.match(line?.text ?? '', /^not checked: /);
});
