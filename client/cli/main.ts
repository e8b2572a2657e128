/** The command line: `runbooks <command>`. */

import { Desk } from './desk.ts';
import { surroundings } from './practice-environment.ts';
import { run } from './program.ts';

// A reader that stops early, such as head, has all it wanted.
process.stdout.on('error', error => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2), new Desk(surroundings(process.env)));
