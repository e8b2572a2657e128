/** Who can be paged, told by role: who, in which order, and at which hours nobody. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { parseOnCall } from '../../../activities/people.ts';
import { parsePlatform } from '../../../activities/platform.ts';
import { pagingLines } from '../../../worker/doctor/paging.ts';
import platformJson from '../../../platform.json' with { type: 'json' };
import { connected } from '../../activities/bare.ts';

const tuesdayNoon = Date.parse('2026-11-24T12:00:00Z');
const key = 'PAGERDUTY_ROUTING_KEY';
const always = { mail: 'ann@example.com' };
const office = { mail: 'bob@example.com', hours: { timeZone: 'UTC', at: ['Mon-Fri 08:00-18:00'] } };

interface Given {
  onCall?: object;
  roles?: object;
  timeZone?: string;
  set?: Record<string, string>;
  now?: number;
}

/** Mail is connected; of variables, those that are set. */
function lines({ onCall = {}, roles = {}, timeZone = 'UTC', set = { [key]: 'key' }, now = tuesdayNoon }: Given) {
  const { $schema: _, ...described } = platformJson;
  const lookUp = (name: string) => set[name];
  const systems = connected({
    pagerduty: { url: 'http://pagerduty', routingKeys: lookUp },
    webhook: { urls: lookUp },
    mail: { url: 'smtp://localhost', from: 'runbooks@example.com' },
  });
  const platform = parsePlatform({ ...described, timeZone, roles: { ...described.roles, ...roles } });
  return pagingLines({ platform, onCall: parseOnCall(JSON.stringify(onCall)), systems }, now);
}
const texts = (given: Given) => lines(given).map(({ text }) => text);
const faults = (given: Given) => lines(given).flatMap(({ ok, text }) => (ok ? [] : [text]));
const primary = (given: Given) => texts(given).find(text => text.startsWith('primary'));

test('a role without people is told by its routing key, or that it is told by hand', () => {
  const told = texts({ roles: { primary: { pagerduty: 'PRIMARY_KEY' } }, set: { [key]: 'a', PRIMARY_KEY: 'b' } });
  assert.equal(told[0], 'primary: PagerDuty, by PRIMARY_KEY.');
  assert.ok(told.includes('finance, customer-success: informed by hand, as the platform description says.'));
});

test('people are told in their order, with how they are reached, before the role’s own way', () => {
  const people = { ann: { ...always, webhook: 'ANN_WEBHOOK_URL' }, bob: { pagerduty: 'BOB_ROUTING_KEY' } };
  const set = { [key]: 'key', ANN_WEBHOOK_URL: 'https://chat.example.com/a', BOB_ROUTING_KEY: 'key' };
  assert.equal(
    primary({ onCall: { people, roles: { primary: ['bob', 'ann'] } }, set }),
    `primary: bob (PagerDuty, by BOB_ROUTING_KEY), then ann (webhook, by ANN_WEBHOOK_URL; mail), then PagerDuty, by ${key}.`,
  );
});

test('nobody to page as primary is one fault, and the worst', () => {
  const [unset, ...more] = faults({ set: {} });
  assert.equal(unset, `No one can be paged: no incident wakes anyone, as ${key} is not set.`);
  assert.deepEqual(more, []);
  assert.match(faults({ roles: { primary: 'none' } })[0] ?? '', /^No one can be paged: .* as no address is described\.$/);
});

test('a person who can be reached takes the place of a routing key', () => {
  const onCall = { people: { ann: always }, roles: { primary: ['ann'] } };
  assert.doesNotMatch(texts({ onCall, set: {} }).join('\n'), /No one can be paged/);
});

test('a role whose key is not set is a fault of its own', () => {
  const [fault, ...more] = faults({ roles: { primary: { pagerduty: 'PRIMARY_KEY' } }, set: { PRIMARY_KEY: 'key' } });
  assert.match(fault ?? '', /^secondary, .*: no one, PAGERDUTY_ROUTING_KEY is not set\.$/);
  assert.deepEqual(more, []);
});

test('the hours at which a role reaches nobody are named, in the time zone of the platform', () => {
  const onCall = { people: { bob: office }, roles: { primary: ['bob'] } };
  const given = { onCall, roles: { primary: 'none' } };
  assert.equal(
    primary(given),
    'primary: bob (mail); no one Tue 18:00 to Wed 08:00, Wed 18:00 to Thu 08:00, Thu 18:00 to Fri 08:00, and 2 more within a week (UTC).',
  );
  const night = Date.parse('2026-11-27T23:00:00Z');
  assert.match(
    primary({ ...given, timeZone: 'Europe/Berlin', now: night }) ?? '',
    /; no one now, until Mon 09:00, Mon 19:00 to Tue 09:00, .* \(Europe\/Berlin\)/,
  );
  assert.equal(faults(given).length, 1);
});

test('hours that others cover, or a role that has its own way, leave no gap', () => {
  const people = { ann: always, bob: office };
  assert.deepEqual(faults({ onCall: { people, roles: { primary: ['bob', 'ann'] } }, roles: { primary: 'none' } }), []);
  assert.deepEqual(faults({ onCall: { people, roles: { primary: ['bob'] } } }), []);
});

test('an address that does not work is named with its person, and never told', () => {
  const onCall = { people: { ann: { webhook: 'ANN_WEBHOOK_URL' } }, roles: { primary: ['ann'], secondary: ['ann'] } };
  assert.deepEqual(faults({ onCall }), ['ann is not reached by webhook: ANN_WEBHOOK_URL is not set.']);
  const set = { [key]: 'key', ANN_WEBHOOK_URL: 'http://chat.example.com/hush' };
  assert.deepEqual(faults({ onCall, set }), [
    'ann is not reached by webhook: ANN_WEBHOOK_URL is no https address without a user.',
  ]);
});

test('somebody who only decides needs no address', () => {
  assert.deepEqual(faults({ onCall: { people: { carla: {} }, roles: { finance: ['carla'] } } }), []);
});
