/** The promises of the intake, whatever is posted. */

import assert from 'node:assert/strict';
import { intake, now } from '../client/intake/edge.ts';
import { hostileBody } from './hostile-bodies.ts';

/** Posts the body of this seed. @throws AssertionError with its seed and kinds, where a promise is broken */
export async function postHostile(seed: number) {
  const { kinds, path, text, headers, taken, opens } = hostileBody(seed);
  const where = `seed ${seed}: ${kinds.join(', ')}`;
  const edge = intake();
  const response = await edge.post(text, { authorization: 'Bearer hush', ...headers }, path);
  assert.equal(response.status, taken ? 200 : 400, where);
  const answered = await response.text();
  assert.ok(answered.length < 100_000, `${where}: ${answered.length} characters`);
  assert.ok(edge.said.length <= 8 && edge.said.every(isShort), `${where}: ${edge.said.join('\n')}`);
  const opened = edge.started.map(({ alert }) => alert.labels['component'] ?? '');
  assert.deepEqual(opened.toSorted(), opens.toSorted(), where);
  for (const { alert, name } of edge.started) {
    assert.ok(name.startsWith('dynex-outage-') && alert.labels['cluster'] === 'nqba-production', where);
    assert.ok(Date.parse(alert.startsAt) <= now + 300_000 && Date.parse(alert.startsAt) > Date.parse('2020-01-01'), where);
    const shown = [...Object.values(alert.labels), ...Object.values(alert.annotations)];
    assert.ok(
      shown.every(one => one.isWellFormed() && one.length <= 1_000 && !/(?![\n\t])[\p{Cc}\p{Cf}]/u.test(one)),
      where,
    );
  }
  assert.equal(Reflect.get({}, 'status'), undefined, where);
}

const isShort = (line: string) => line.length < 1_500 && !/[\p{Cc}\p{Cf}\p{Zl}]/u.test(line);
