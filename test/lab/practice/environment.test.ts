import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { surroundings } from '../../../client/cli/practice-environment.ts';
import { linkCommands, writeEnvironment } from '../../../lab/practice/environment.ts';

/** Somebody's folder with a name that a shell could misread. */
const home = mkdtempSync(join(tmpdir(), 'nqba-env-'));
const dir = join(home, "ann's $HOME");
const temporal = join(dir, 'somewhere', 'temporal-1.9.1');
mkdirSync(dirname(temporal), { recursive: true });
writeFileSync(temporal, '#!/bin/sh\necho "temporal of practice: $*"\n');
chmodSync(temporal, 0o755);
linkCommands(dir, temporal);
linkCommands(dir, temporal);
writeEnvironment(dir, { TEMPORAL_ADDRESS: '127.0.0.1:1', INTAKE_TOKEN: "it's $secret", TEMPORAL_PID: `${process.pid}` });
after(() => rmSync(home, { recursive: true, force: true }));

const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ENV_FILE: join(dir, 'env') };
const shell = (script: string) => execFileSync('sh', ['-c', `. "$ENV_FILE"; ${script}`], { encoding: 'utf8', env }).trimEnd();

describe('the environment of the practice platform, sourced', () => {
  test('holds each value as it is', () => {
    assert.equal(shell(`printf %s "$INTAKE_TOKEN"`), "it's $secret");
  });

  test('brings both commands that everything we print begins with', () => {
    assert.equal(shell('temporal workflow list'), 'temporal of practice: workflow list');
    assert.match(shell('runbooks --help'), /^Usage: runbooks /);
  });

  test('may be sourced again: nothing is on the path twice', () => {
    const places = shell('. "$ENV_FILE"; . "$ENV_FILE"; printf %s "$PATH"').split(':');
    assert.equal(places.filter(place => place === join(dir, 'bin')).length, 1);
  });

  test('is what the command line reads by itself', () => {
    assert.equal(surroundings({}, join(dir, 'env')).environment['INTAKE_TOKEN'], "it's $secret");
  });
});
