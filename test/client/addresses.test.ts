/** A password in an address is printed by no command. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runbooks } from './command-line.ts';

for (const [command, environment] of [
  [['list'], { TEMPORAL_ADDRESS: 'ann:hush@127.0.0.1:1' }],
  [['practice', 'status'], { TEMPORAL_ADDRESS: '127.0.0.1:1', STANDINS_CONTROL: 'http://ann:hush@127.0.0.1:1/?key=hush' }],
] as const)
  test(`runbooks ${command.join(' ')} names the address that does not answer, without its password`, async () => {
    const { stdout, stderr, code } = await runbooks(environment)(...command);
    assert.notEqual(code, 0);
    assert.match(stderr, /127\.0\.0\.1:1/);
    assert.doesNotMatch(stdout + stderr, /hush/);
  });
