// Several incidents in one scenario: days apart or at once, of one runbook or of two, in one world and one time.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { joinCatalog } from '../../../activities/own-runbooks.ts';
import { workflowBundle } from '../../../worker/bundle.ts';
import { type How, type Rehearsed, rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { type Rehearsal, Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { runbooks } from '../../client/command-line.ts';

const example = 'examples/crash-looping';
joinCatalog(example);
const sandbox = workflowBundle(example).then(({ code }) => Sandbox.load(code, []));

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
const inFile = (name: string, content: object) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const at = '2026-11-24 03:00 Europe/Berlin';
const firing = { status: 'firing' } as const;
const resolved = { status: 'resolved' } as const;
const extending = join(import.meta.dirname, '../../../worker/rehearsal/scenarios/dynex-outage.json');
const shipped: { people: { question?: string; choice?: string }[] } = JSON.parse(readFileSync(extending, 'utf8'));
/** What people answer in the scenario that is extended, at once. */
const answers = shipped.people.flatMap(({ question, choice }) =>
  question ? [{ question, choice, runbook: 'dynex-outage' }] : [],
);
const base = { extends: extending, title: 'x', at };

async function played(scenario: object, how: How = {}): Promise<Rehearsed> {
  const { setting } = scenarioIn(inFile('played', { ...base, ...scenario }), writtenRunbook('dynex-outage'));
  return rehearseAll(await sandbox, setting, how);
}

const keysOf = ({ ran }: Rehearsal) => new Set(ran.flatMap(({ args }) => Reflect.get(Object(args[1]), 'key') ?? []));
const opened = ({ report }: Rehearsal) => [report.runbook, report.times.opened, report.outcome];

describe('an alert that comes after its incident has closed opens a further one', () => {
  const daysApart = {
    deliveries: [
      { after: '0 minutes', ...firing },
      { after: '45 minutes', ...resolved },
      { after: '3 days', ...firing },
      { after: '73 hours', ...resolved },
    ],
    people: [...answers, ...answers],
  };

  test('in the same time, under other keys', async () => {
    const { incidents, unheard } = await played(daysApart);
    assert.deepEqual(incidents.map(opened), [
      ['dynex-outage', '2026-11-24T02:00:00.000Z', 'recovered'],
      ['dynex-outage', '2026-11-27T02:00:00.000Z', 'recovered'],
    ]);
    const [first, second] = incidents.map(keysOf);
    assert.ok(first && second && first.size > 5);
    assert.deepEqual(
      [...first].filter(key => second.has(key)),
      [],
    );
    assert.deepEqual(unheard, []);
  });

  test('in the same world: lists go on in turn, and times count from the start of all', async () => {
    const { incidents } = await played({
      ...daysApart,
      world: {
        declareIncident: [{ done: 'first' }, { done: 'second' }],
        resolveIncident: [{ done: 'soon' }, { from: '2 days', done: 'late' }],
      },
    });
    const said = (type: string) =>
      incidents.map(({ report }) => report.steps.find(({ action }) => action?.type === type)?.because);
    assert.deepEqual(said('declareIncident'), ['first', 'second']);
    assert.deepEqual(said('resolveIncident'), ['soon', 'late']);
  });

  test('and all of them are the same when they are forgotten and roll over', async () => {
    const { incidents } = await played(daysApart, { rollOver: true, evictEvery: 3 });
    assert.deepEqual(
      incidents.map(({ differing, report }) => [differing, report.outcome]),
      [
        [[], 'recovered'],
        [[], 'recovered'],
      ],
    );
  });
});

describe('an alert of another runbook opens an incident of that one', () => {
  const both = {
    deliveries: [
      { after: '0 minutes', ...firing },
      { after: '5 minutes', ...firing, runbook: 'crash-looping' },
      { after: '50 minutes', ...resolved },
      { after: '60 minutes', ...resolved, runbook: 'crash-looping' },
    ],
    people: [
      { does: 'acknowledge', at: '6 minutes', who: 'bob' },
      { does: 'acknowledge', at: '7 minutes', who: 'ann', runbook: 'dynex-outage' },
      {
        question: 'What is the cause?',
        choice: 'none of these (I will fix it manually)',
        runbook: 'crash-looping',
        who: 'bob',
        after: '1 hour',
      },
      { question: 'Resolve by hand', choice: 'done', who: 'bob' },
      ...answers,
    ],
  };

  test('beside the one that is open; each hears what is meant for it', async () => {
    const { incidents } = await played(both);
    assert.deepEqual(
      incidents.map(({ report }) => [report.runbook, report.commander, report.alerts.length, report.outcome]),
      [
        ['dynex-outage', 'ann', 1, 'recovered'],
        ['crash-looping', 'bob', 1, 'recovered'],
      ],
    );
  });

  test('and what the world is asked comes in the order of time', async () => {
    const { incidents } = await played({ ...both, world: { page: [{ done: 'first' }, { done: 'second' }, { done: 'third' }] } });
    const paged = incidents.flatMap(({ ran }) => ran.filter(({ type }) => type === 'page'));
    const inTurn = paged.toSorted((one, other) => one.at - other.at).map(({ reaction }) => JSON.stringify(reaction));
    assert.match(inTurn[0] ?? '', /first/);
    assert.match(inTurn[1] ?? '', /second/);
    assert.ok(inTurn.slice(2).every(said => said.includes('third')));
  });
});

test('the example of docs/writing-a-runbook.md opens the incidents that it says', async () => {
  const blocks = readFileSync('docs/writing-a-runbook.md', 'utf8').matchAll(/^```json\n([^]*?)^```$/gm);
  const text = [...blocks].map(([, block = '']) => block).find(block => block.includes('"outcomes"')) ?? '';
  const { setting, expects } = scenarioIn(inFile('documented', JSON.parse(text)), writtenRunbook('crash-looping'));
  const { incidents } = await rehearseAll(await sandbox, setting);
  assert.deepEqual(expects, { outcomes: incidents.map(({ report }) => report.outcome ?? null) });
});

test('an alert that no incident is for is said, with why', async () => {
  const { unheard } = await played({
    deliveries: [
      { after: '0 minutes', ...resolved },
      {
        after: '1 minute',
        alertmanager: { alerts: [{ ...firing, labels: { alertname: 'Watchdog' }, startsAt: '2026-11-24T02:00:00Z' }] },
      },
      { after: '2 minutes', ...firing },
    ],
    people: [{ does: 'acknowledge', at: '0 minutes' }],
    atMost: '1 hour',
  });
  assert.deepEqual(
    unheard.map(({ what, because }) => `${what}: ${because}`),
    [
      'DynexHealthCheckFailed (resolved): no incident is open',
      'acknowledge of a person: no incident is open',
      'Watchdog (firing): it proves that detection works; only its absence is an alarm',
    ],
  );
});

describe('runbooks rehearse', () => {
  const run = runbooks({});

  test('prints each incident, and holds each outcome against what is expected', async () => {
    const scenario = {
      ...base,
      people: [...answers],
      deliveries: [
        { after: '0 minutes', ...firing },
        { after: '45 minutes', ...resolved },
        { after: '2 days', ...firing },
      ],
    };
    const file = inFile('expects', { ...scenario, atMost: '3 days', expects: { outcomes: ['recovered', 'recovered'] } });
    const { code, stdout, stderr } = await run('rehearse', 'dynex-outage', '--scenario', file);
    assert.equal(code, 1);
    assert.match(stderr, /It should have ended as “recovered”, then as “recovered”, but ended as “recovered”, then still open\./);
    assert.match(stdout, /^dynex-outage-20261124-demo\. Times count from the alert, 2026-11-24 03:00 Europe\/Berlin\.$/m);
    assert.match(stdout, /^dynex-outage-20261126-demo\. Times count from the alert, 2026-11-26T02:00:00\.000Z\.$/m);
    assert.match(stdout, /^ {2}setFallback: dynex-outage-20261126-demo\/.+\/1$/m);
    assert.match(stdout, /^ {2}.+ → primary, quantum \(pagerduty PAGERDUTY_ROUTING_KEY\)$/m);
    assert.match(stdout, /^ {2}expired {4}What is the cause\? \(commander\): none of these \(I will fix it manually\)$/m);
  });

  test('refuses a scenario of which nothing opens an incident', async () => {
    const posted = { status: 'firing', labels: { alertname: 'Nothing' }, startsAt: '2026-11-24T03:00:00Z' };
    const file = inFile('nothing', { ...base, deliveries: [{ after: '0 minutes', alertmanager: { alerts: [posted] } }] });
    const { code, stderr } = await run('rehearse', 'dynex-outage', '--scenario', file);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /No delivery of the scenario opens an incident.*\n {2}Nothing: the catalog has no runbook for "Nothing"/,
    );
  });

  test('says which role reaches nobody, by the platform that is named', async () => {
    const platform: { roles: object } = JSON.parse(readFileSync('platform.json', 'utf8'));
    const file = inFile('platform', { ...platform, roles: { ...platform.roles, quantum: 'none' } });
    const { code, stdout } = await run('rehearse', 'dynex-outage', '--platform', file);
    assert.equal(code, 0);
    assert.match(stdout, /^The role quantum reaches no one \(“.+” pages it\): describe who has it in roles\.json, or /m);
    assert.match(stdout, / → primary \(pagerduty PAGERDUTY_ROUTING_KEY\); quantum \(reaches no one\)$/m);
    const { unreached }: { unreached: { role: string }[] } = JSON.parse(
      (await run('rehearse', 'dynex-outage', '--platform', file, '-o', 'json')).stdout,
    );
    assert.deepEqual(
      unreached.map(({ role }) => role),
      ['quantum'],
    );
  });

  test('names the people of roles.json who are there at that hour, in their order', async () => {
    const file = inFile('here', JSON.parse(readFileSync('platform.json', 'utf8')));
    const hours = { timeZone: 'Europe/Berlin', at: ['Mon-Fri 08:00-18:00'] };
    const people = {
      ann: { webhook: 'ANN_URL' },
      bob: { pagerduty: 'BOB_KEY', mail: 'bob@example.com' },
      carla: { mail: 'c@example.com', hours },
    };
    inFile('roles', { people, roles: { primary: ['carla', 'bob', 'ann'] } });
    const { stdout } = await run('rehearse', 'dynex-outage', '--platform', file);
    const way =
      'bob by pagerduty BOB_KEY and mail bob@example.com, then ann by webhook ANN_URL, then pagerduty PAGERDUTY_ROUTING_KEY';
    assert.ok(stdout.includes(` → primary (${way}); quantum (pagerduty PAGERDUTY_ROUTING_KEY)\n`), stdout);
  });

  test('refuses a platform that cannot be read', async () => {
    const { code, stderr } = await run('rehearse', 'dynex-outage', '--platform', 'nowhere.json');
    assert.equal(code, 2);
    assert.match(stderr, /nowhere\.json[^]*Name another platform with --platform or RUNBOOKS_PLATFORM/);
  });
});
