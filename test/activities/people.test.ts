/** Who is on call: described validly or told what is wrong; read again, and never lost by a slip of the pen. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { onCallJsonSchema, parseOnCall, peopleFrom, readOnCall } from '../../activities/people.ts';
import { rotaIn } from '../../activities/rota.ts';
import { readPeople } from '../../client/platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-people-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, content: object | string) => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const ann = { people: { ann: { mail: 'ann@example.com' } }, roles: { primary: ['ann'] } };
const bob = { people: { bob: {} }, roles: { primary: ['bob'] } };

test('the example is valid', async () => {
  const onCall = await readOnCall('examples/roles.json');
  assert.deepEqual(onCall?.roles.primary, ['bob', 'carla', 'ann']);
});

test('roles.schema.json is the one that the code means', () => {
  const schema = JSON.parse(readFileSync('roles.schema.json', 'utf8'));
  assert.deepEqual(schema, JSON.parse(JSON.stringify(onCallJsonSchema())), 'run: node activities/schema.ts');
});

test('every person has the roles that name them', () => {
  const people = { ann: {}, bob: {}, carla: {} };
  const onCall = parseOnCall(JSON.stringify({ people, roles: { secondary: ['bob', 'ann'], primary: ['ann'] } }));
  assert.deepEqual(peopleFrom(onCall), { ann: ['primary', 'secondary'], bob: ['secondary'], carla: [] });
});

for (const [what, given, said] of [
  [
    'a role of somebody who is not described',
    { roles: { primary: ['constructor'] } },
    /roles\.primary: constructor is not among/,
  ],
  ['two spellings of one name', { people: { Ann: {}, ann: {} } }, /people\.ann: is the same name as Ann/],
  [
    'a URL instead of the name of its variable',
    { people: { ann: { webhook: 'https://x/secret' } } },
    /people\.ann\.webhook: name the/,
  ],
  ['a mail address with another header', { people: { ann: { mail: 'a@example.com\nBcc: b@example.com' } } }, /people\.ann\.mail/],
  [
    'a time zone that does not exist',
    hoursOf({ timeZone: 'Mars/Olympus', at: ['Mon 08:00-18:00'] }),
    /hours\.timeZone: name a time/,
  ],
  ['hours without hours', hoursOf({ timeZone: 'UTC', at: [] }), /hours\.at/],
] as const)
  test(`${what} is refused`, () => assert.throws(() => parseOnCall(JSON.stringify(given)), said));

function hoursOf(hours: object) {
  return { people: { ann: { hours } } };
}

test('a file that is too large, is no file or is no JSON is named', async () => {
  const large = written('large.json', ' '.repeat(262_145));
  await assert.rejects(readOnCall(large), /large\.json: It must be a file of at most 256 KiB/);
  await assert.rejects(readOnCall(folder), /It must be a file/);
  await assert.rejects(readOnCall(written('broken.json', '{')), /broken\.json: .*JSON/);
});

test('a new rota counts from the next page on', async () => {
  const file = written('rota.json', ann);
  const rota = rotaIn(file, await readOnCall(file));
  written('rota.json', bob);
  assert.deepEqual((await rota()).onCall.roles.primary, ['bob']);
});

test('a rota that is broken, or gone, leaves the last good one, and says so', async () => {
  const file = written('breaking.json', ann);
  const rota = rotaIn(file, undefined);
  assert.deepEqual(await rota(), { onCall: ann });
  written('breaking.json', '{ "people": ');
  const broken = await rota();
  assert.deepEqual(broken.onCall, ann);
  assert.match(broken.note ?? '', /its last good version counts: .*breaking\.json: .*JSON/);
  rmSync(file);
  assert.match((await rota()).note ?? '', /is no longer there/);
});

test('without a file nobody is described, until there is one', async () => {
  const file = join(folder, 'later.json');
  const rota = rotaIn(file, await readOnCall(file));
  assert.deepEqual(await rota(), { onCall: { people: {}, roles: {} } });
  written('later.json', ann);
  assert.deepEqual(await rota(), { onCall: ann });
});

test('the client knows people and roles from beside the platform, or where it is told', () => {
  written('roles.json', ann);
  assert.deepEqual(readPeople({ RUNBOOKS_PLATFORM: join(folder, 'platform.json') }), { ann: ['primary'] });
  assert.deepEqual(readPeople({ RUNBOOKS_ROLES: written('others.json', bob) }), { bob: ['primary'] });
  assert.deepEqual(readPeople({ RUNBOOKS_ROLES: join(folder, 'absent.json') }), {});
  assert.throws(() => readPeople({ RUNBOOKS_ROLES: written('wrong.json', { people: [] }) }), /wrong\.json: .*\n {2}people: /);
});
