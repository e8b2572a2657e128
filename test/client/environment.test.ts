import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { surroundings } from '../../client/cli/practice-environment.ts';
import { needed, secret, value } from '../../client/environment.ts';
import { readPlatform, timesAt } from '../../client/platform.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'nqba-environment-'));

describe('a variable', () => {
  test('that is empty counts as absent', () => {
    assert.equal(value({ ARTIFACTS: ' ' }, 'ARTIFACTS'), undefined);
    assert.throws(() => needed({ INTAKE_TOKEN: '' }, 'INTAKE_TOKEN', 'senders must know it'), /INTAKE_TOKEN is not set/);
  });

  test('that is secret may lie in a file, but not in both', () => {
    const file = join(scratch(), 'token');
    writeFileSync(file, 'hush\n');
    assert.equal(secret({ INTAKE_TOKEN_FILE: file }, 'INTAKE_TOKEN'), 'hush');
    assert.equal(secret({ INTAKE_TOKEN: 'hush' }, 'INTAKE_TOKEN'), 'hush');
    assert.throws(() => secret({ INTAKE_TOKEN: 'a', INTAKE_TOKEN_FILE: file }, 'INTAKE_TOKEN'), /unset one of them/);
    assert.throws(() => secret({ INTAKE_TOKEN_FILE: '/nowhere' }, 'INTAKE_TOKEN'), /names \/nowhere/);
  });
});

describe('a platform description', () => {
  test('gives the client its cluster and its times', () => {
    const { cluster, times } = readPlatform('platform.json');
    assert.equal(cluster, 'nqba-production');
    assert.deepEqual(times, { pace: 1, quietMinutes: { P0: 60, P1: 60, P2: 30, P3: 30 } });
  });

  test('with a repository of tickets in the environment says so in every start', () => {
    const environment = { TICKETS_REPOSITORY: 'shop/operations' };
    assert.equal(timesAt(readPlatform('platform.json', environment), 0).tickets, true);
    assert.equal('tickets' in timesAt(readPlatform('platform.json'), 0), false);
  });

  test('says in which stages jobs return, or that they return at once, and which Secrets may hold a key', () => {
    const file = join(scratch(), 'platform.json');
    const timesWhere = (quantum?: object) => {
      writeFileSync(file, JSON.stringify({ cluster: 'c', quantum }));
      return timesAt(readPlatform(file), 0);
    };
    const key = { secret: 'keys', rotation: ['keys-a', 'keys'] };
    const atRuntime = timesWhere({ ramp: 'runtime', key });
    assert.deepEqual(
      atRuntime.stages,
      [10, 25, 50, 100].map(percent => ({ percent, minutes: 10 })),
    );
    assert.deepEqual(atRuntime.keySecrets, ['keys', 'keys-a']);
    assert.equal(timesWhere({ ramp: 'restart', key }).stages, undefined);
    assert.deepEqual([timesWhere().stages, timesWhere().keySecrets], [undefined, undefined]);
  });

  test('that is missing or wrong is named, with what to do', () => {
    const file = join(scratch(), 'platform.json');
    assert.throws(() => readPlatform(file), /platform\.json cannot be read .*--platform/);
    writeFileSync(file, '{"cluster": 7}');
    assert.throws(() => readPlatform(file), /does not describe a platform/);
  });
});

const practice = (pid: number) => {
  const file = join(scratch(), 'env');
  const lines = { TEMPORAL_ADDRESS: '127.0.0.1:27202', TEMPORAL_PID: `${pid}`, KUBECONFIG: String.raw`/it'\''s/you` };
  writeFileSync(
    file,
    Object.entries(lines)
      .map(([name, value]) => `export ${name}='${value}'\n`)
      .join(''),
  );
  return file;
};

describe('without a Temporal of our own', () => {
  test('the practice platform is meant if it runs, and nothing of another is mixed in', () => {
    const given = { PATH: '/bin', TEMPORAL_API_KEY: 'k', INTAKE_TOKEN_FILE: 'f', KUBECONFIG: '/production' };
    assert.deepEqual(surroundings(given, practice(process.pid)), {
      practice: true,
      unused: '/production',
      environment: {
        PATH: '/bin',
        TEMPORAL_ADDRESS: '127.0.0.1:27202',
        TEMPORAL_PID: `${process.pid}`,
        KUBECONFIG: "/it's/you",
      },
    });
  });

  test('it is not meant when it does not run, or when a Temporal is named', () => {
    assert.equal(surroundings({}, practice(2 ** 22 + 1)).practice, false);
    assert.equal(surroundings({}, '/nowhere').practice, false);
    assert.equal(surroundings({ TEMPORAL_PROFILE: 'cloud' }, practice(process.pid)).practice, false);
  });
});
