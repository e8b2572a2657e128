/** The command line: `runbooks <command>`. */

import { Desk } from './desk.ts';
import { surroundings } from './practice-environment.ts';
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2), new Desk(surroundings(process.env)));
