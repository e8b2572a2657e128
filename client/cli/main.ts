/** The command line: `runbooks <command>`. */

import { Desk } from './desk.ts';
import { surroundings } from './practice-environment.ts';
import { run } from './program.ts';

const { environment, practice } = surroundings(process.env);
const desk = new Desk(environment);
if (practice) desk.note('On the practice platform of this clone (.practice/env), because TEMPORAL_ADDRESS is not set.');
process.exitCode = await run(process.argv.slice(2), desk);
