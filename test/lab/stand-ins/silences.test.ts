/** The stand-in and a real Alertmanager are asked the same, and answer the same. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alertmanager } from '../../../lab/stand-ins/silences.ts';
import { surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { notRun, type RealAlertmanager, startWithClient } from '../../support/amtool.ts';

let real: RealAlertmanager;
before(async () => {
  if (!notRun) real = await startWithClient();
});
after(() => real?.stop());

type Ask = (path: string, init?: RequestInit) => Promise<{ status: number; body: unknown }>;
const asking =
  (send: (request: Request) => Response | Promise<Response>, base: string): Ask =>
  async (path, init) => {
    const answer = await send(new Request(`${base}/api/v2${path}`, init));
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? '' : JSON.parse(text) };
  };

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const matchers = (value: string) => [{ name: 'alertname', value, isRegex: false, isEqual: true }];
const wanted = (change: object = {}) => ({
  matchers: matchers('JobQueueDeep'),
  createdBy: 'ann',
  comment: 'planned',
  startsAt: new Date(0).toISOString(),
  endsAt: at(60),
  ...change,
});
const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A whole life of silences; ids are left out, as each server makes its own. */
async function lifeAt(ask: Ask) {
  const seen: unknown[] = [];
  const refused = async (path: string, init: RequestInit) => seen.push(await ask(path, init));
  await refused('/silences', post(wanted({ endsAt: at(-1), startsAt: at(-2) })));
  await refused('/silences', post(wanted({ startsAt: at(70) })));
  await refused('/silences', post(wanted({ id: crypto.randomUUID() })));
  const made = await ask('/silences', post(wanted()));
  const [id] = Object.values(Object(made.body));
  const [{ startsAt }] = Object(await ask('/silences')).body;
  const longer = await ask('/silences', post(wanted({ id, startsAt, endsAt: at(90) })));
  seen.push(made.status, Object(longer.body).silenceID === id);
  const other = await ask('/silences', post(wanted({ id, matchers: matchers('Other') })));
  seen.push(Object(other.body).silenceID === id);
  seen.push((await ask('/silences')).body);
  seen.push((await ask(`/silence/${Object(other.body).silenceID}`, { method: 'DELETE' })).status);
  const again = await ask(`/silence/${Object(other.body).silenceID}`, { method: 'DELETE' });
  seen.push(again.status, String(again.body).replace(/[\w-]{36}/, 'id'));
  await refused(`/silence/${crypto.randomUUID()}`, { method: 'DELETE' });
  return JSON.parse(JSON.stringify(seen), (name, value) =>
    ['id', 'updatedAt', 'startsAt', 'endsAt'].includes(name) ? '' : sorted(value),
  );
}

/** Alertmanager lists silences in no promised order but by their state. */
const sorted = (value: unknown) =>
  Array.isArray(value) && value.every(one => typeof one === 'object' && one !== null && 'matchers' in one)
    ? value.toSorted((one, other) => JSON.stringify(one.matchers).localeCompare(JSON.stringify(other.matchers)))
    : value;

test('what is refused, replaced and ended is so at both', { skip: notRun }, async () => {
  const ours = await lifeAt(asking(alertmanager(surroundings()).fetch, 'http://alertmanager'));
  assert.deepEqual(ours, await lifeAt(asking(fetch, real.url)));
});
