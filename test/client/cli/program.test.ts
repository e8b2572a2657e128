import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { ServerType } from '@hono/node-server';
import { serve } from '@hono/node-server';
import type { Command } from 'commander';
import { Desk } from '../../../client/cli/desk.ts';
import { outputs } from '../../../client/cli/outputs.ts';
import { program } from '../../../client/cli/program.ts';
import { schemaFolder, schemas } from '../../../client/cli/schemas.ts';
import { control } from '../../../lab/stand-ins/control.ts';
import type { StateChange } from '../../../lab/world/systems.ts';
import { runbooks, start } from '../command-line.ts';

const commands = () => program(new Desk({ environment: {}, practice: false })).commands;

function helpOf(command: Command): string {
  const said: string[] = [];
  command.configureOutput({ writeOut: text => said.push(text) });
  command.outputHelp();
  return said.join('');
}

describe('every command', () => {
  test('is there that the README and the runbooks name', () => {
    const promised =
      'open route try init start schedules accept list show ack take-over decide extend severity note hold release arm undo cancel report rehearse new activities catalog coverage rights uninstall doctor practice worker intake';
    assert.deepEqual(
      commands()
        .map(command => command.name())
        .toSorted(),
      promised.split(' ').toSorted(),
    );
  });

  test('says what it is for, and shows examples that begin as they are typed', () => {
    for (const command of commands()) {
      assert.match(helpOf(command), /Examples:\n {2}runbooks /);
      assert.notEqual(command.description(), '');
    }
  });
});

describe('the JSON Schemas', () => {
  test('are published for every command that prints JSON, and are current', () => {
    assert.deepEqual(
      readdirSync(schemaFolder).toSorted(),
      schemas()
        .map(([name]) => name)
        .toSorted(),
    );
    for (const [name, content] of schemas())
      assert.deepEqual(
        JSON.parse(readFileSync(`${schemaFolder}/${name}`, 'utf8')),
        JSON.parse(content),
        'node client/cli/schemas.ts',
      );
  });
});

describe('what is typed wrongly', () => {
  const run = runbooks({});

  test('ends with exit code 2 and where to look', async () => {
    for (const typed of [['shwo'], ['show'], ['decide', 'a', 'b'], ['list', '-o', 'yaml'], ['open', 'dynex-outage']]) {
      const { code, stdout, stderr } = await run(...typed);
      assert.deepEqual([typed, code, stdout], [typed, 2, '']);
      assert.match(stderr, /^error: [^]*\n\(runbooks <command> --help shows examples\)\n/);
    }
  });

  test('of another cluster opens nothing, and says which cluster this is', async () => {
    const { code, stderr } = await run('open', 'dynex-outage', '--because', 'jobs fail', '--cluster', 'nqba-staging');
    assert.equal(code, 2);
    assert.match(stderr, /This is nqba-production, and nqba-staging is another cluster/);
  });

  test('as uninstall without --plan says that there is only the plan, and that nothing was changed', async () => {
    const { code, stdout, stderr } = await run('uninstall');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^There is only runbooks uninstall --plan, .* Nothing was changed\.\n$/);
  });

  test('is not a question for help', async () => {
    const { code, stdout } = await run('--help');
    assert.equal(code, 0);
    assert.match(stdout, /Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused, 5 Temporal unreachable\./);
  });
});

describe('a stranger finds', () => {
  const run = runbooks({});

  test('help as a command, the version, and which runbooks can be rehearsed', async () => {
    const help = await run('help', 'decide');
    assert.equal(help.code, 0);
    assert.match(help.stdout, /^Usage: runbooks decide /);
    assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
    const { code, stderr } = await run('rehearse', 'nope');
    assert.equal(code, 2);
    assert.match(stderr, /no runbook nope\. These can be rehearsed: .*p0-critical-incident-response, .*dynex-outage/);
  });
});

describe('what is printed', () => {
  test('ends quietly where nobody reads on', async () => {
    const child = start({}, '--help');
    child.stdout.destroy();
    const ended = new Promise(resolve => child.on('exit', resolve));
    assert.deepEqual([await text(child.stderr), await ended], ['', 0]);
  });

  test('of ack says what acknowledging stops, and where else it counts', async () => {
    const { stdout } = await runbooks({})('ack', '--help');
    assert.match(stdout, /no one else is paged/);
    assert.match(stdout, /acknowledges the pages in\s+PagerDuty too/);
  });
});

describe('practice', () => {
  const now = Date.now();
  let history: StateChange[] = [];
  let server: ServerType;
  let run: ReturnType<typeof runbooks>;
  before(async () => {
    const app = control({ now: () => now, history: () => history, change: next => (history = next) });
    const port = await new Promise<number>(resolve => {
      server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, at => resolve(at.port));
    });
    run = runbooks({ STANDINS_CONTROL: `http://127.0.0.1:${port}` });
  });
  after(() => server.close());

  const systems = async () => outputs.practice.parse(JSON.parse((await run('practice', 'status', '-o', 'json')).stdout));

  test('breaks a system, later and for a while if told so', async () => {
    assert.equal((await run('practice', 'set', 'slack', 'unauthorised')).code, 0);
    const said = await run('practice', 'set', 'dynex', 'down', '--after', '3m', '--for', '40m');
    assert.match(said.stdout, /^dynex is down in 3m, for 40m\./);
    const { slack, dynex } = await systems();
    assert.equal(slack?.state, 'unauthorised');
    const later = dynex?.scheduled.map(({ state, at }) => [state, (Date.parse(at) - now) / 60_000]);
    assert.deepEqual(later, [
      ['down', 3],
      ['healthy', 43],
    ]);
  });

  test('refuses what a system cannot be, a duration that is none, and another system', async () => {
    const mock = await run('practice', 'set', 'slack', 'mock');
    assert.equal(mock.code, 4);
    assert.match(mock.stderr, /Only dynex can be mock/);
    assert.equal((await run('practice', 'set', 'dynex', 'down', '--for', 'ever')).code, 2);
    const other = await run('practice', 'set', 'github', 'down');
    assert.equal(other.code, 4);
    assert.match(other.stderr, /There is no system github: name dynex, /);
  });

  test('that does not run says how to start it', async () => {
    const { code, stderr } = await runbooks({})('practice', 'status');
    assert.equal(code, 3);
    assert.match(stderr, /npm start/);
    assert.equal((await runbooks({ STANDINS_CONTROL: 'http://127.0.0.1:1' })('practice', 'status')).code, 1);
  });
});
