/** All commands, and what their endings mean to a shell. */

import { Command, CommanderError } from 'commander';
import about from '../../package.json' with { type: 'json' };
import { Stop } from '../errors.ts';
import { accept } from './accept.ts';
import { activities } from './activities.ts';
import { ack } from './ack.ts';
import { arm } from './arm.ts';
import { cancel } from './cancel.ts';
import { catalog } from './catalog.ts';
import { coverage } from './coverage.ts';
import { decide } from './decide.ts';
import type { Desk, Register } from './desk.ts';
import { doctor } from './doctor.ts';
import { extend } from './extend.ts';
import { hold } from './hold.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { note } from './note.ts';
import { newRunbook } from './new.ts';
import { open } from './open.ts';
import { practice } from './practice.ts';
import { rehearse } from './rehearse.ts';
import { release } from './release.ts';
import { report } from './report.ts';
import { rights } from './rights.ts';
import { routeCommand } from './route.ts';
import { schedules } from './schedules.ts';
import { refuseSecrets } from './secrets.ts';
import { servers } from './servers.ts';
import { severity } from './severity.ts';
import { show } from './show.ts';
import { start } from './start.ts';
import { takeOver } from './take-over.ts';
import { tryCommand } from './try.ts';
import { undo } from './undo.ts';
import { uninstall } from './uninstall.ts';

const commands: Register[] = [
  list,
  show,
  ack,
  takeOver,
  decide,
  extend,
  severity,
  note,
  open,
  routeCommand,
  tryCommand,
  init,
  start,
  schedules,
  accept,
  hold,
  release,
  arm,
  undo,
  cancel,
  report,
  rehearse,
  newRunbook,
  activities,
  catalog,
  coverage,
  doctor,
  rights,
  uninstall,
  practice,
  servers,
];

const endings = `
Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused, 5 Temporal unreachable.
An incident is named by its short name, its workflow id, or the beginning of either; where several begin so, the only
one that is open is meant. A run that was reset is named by its run id.`;

export function program(desk: Desk): Command {
  const program = new Command('runbooks')
    .description('The written NQBA runbooks as durable Temporal workflows')
    .version(about.version)
    .helpCommand('help [command]', 'the help of a command')
    .showHelpAfterError('(runbooks <command> --help shows examples)')
    .addHelpText('after', endings)
    .hook('preAction', (_, command) => refuseSecrets(command))
    .hook('preAction', desk.begin)
    .exitOverride();
  for (const register of commands) register(program, desk);
  return program;
}

/** The exit code. */
export async function run(typed: string[], desk: Desk): Promise<number> {
  try {
    await program(desk).parseAsync(typed, { from: 'user' });
    return desk.exit;
  } catch (error) {
    return ending(error, desk);
  } finally {
    await desk.close();
  }
}

const usage = 2;

function ending(error: unknown, desk: Desk): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage;
  if (!(error instanceof Stop)) throw error;
  desk.note(error.message);
  return error.exit;
}
