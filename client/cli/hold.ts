import { Failed, NotFound, Usage } from '../errors.ts';
import { configMapOf, kubectl, patchHold } from './cluster.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks hold --all --reason 'we do not trust the metrics'
  runbooks hold dynex-outage-20261124-k7fp --reason 'bob works on it by hand'
  runbooks hold --all --print

Checks, pages, messages to responders, tickets and clocks continue; every change waits as a question with its plan.
It returns when the hold is in force. --all needs neither Temporal nor us: --print shows the kubectl line.`;

interface Options {
  all?: true;
  reason: string;
  print?: true;
  as: string;
  context?: string;
  output: Format;
}

export const hold: Register = (program, desk) =>
  program
    .command('hold [incident]')
    .description('stop every further change, of one incident or of all')
    .option('-a, --all', 'of all incidents, future ones too')
    .option('--reason <text>', 'shown with every action that waits', 'no reason given')
    .option('--print', 'only print the kubectl command')
    .addOption(context())
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string | undefined, { all, reason, print, as: by, context, output: format }: Options) => {
      desk.context = context;
      const key = await holdKey(desk, text, all);
      const data = { [key]: print ? reason : line`${reason} (${by}, since ${minute(desk.now())})` };
      if (print) {
        desk.out([kubectl(desk, data)]);
        return;
      }
      const cluster = await goesTo(desk, data, `runbooks hold ${text ?? '--all'}`);
      const inForce = await holds(desk, data);
      const value = { cluster, configMap: configMapOf(desk), changed: data, inForce, kubectl: kubectl(desk, data) };
      desk.show(format, outputs.hold, value, () => [
        line`Held: ${text ?? 'everything'}. Release with: runbooks release ${text ?? '--all'}`,
        onCluster(cluster),
      ]);
    });

/** With its date: a hold may stand for days. */
const minute = (now: number) => `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The parts of a hold's text; one that was set in another way has a reason only. */
export function heldBy(text: string): { reason: string; by?: string | undefined; since?: string | undefined } {
  const [, reason = text, by, since] = /^(.*) \(([^()]*), since ([\d: -]+ UTC)\)$/s.exec(text) ?? [];
  return { reason: /[.!?]$/.test(reason) ? reason : `${reason}.`, by, since };
}

/** The runbooks that may act, by the ConfigMap as it is in force. */
export function armed(data: Record<string, string>): string {
  const acting = Object.entries(data).flatMap(([key, mode]) => (mode === 'supervised' ? [key.replace(/^mode\./, '')] : []));
  if (acting.length === 0)
    return 'No runbook is armed: all of them only observe. To arm one: runbooks arm <runbook> --mode supervised';
  return line`Armed, so that they act: ${acting.join(', ')}.`;
}

/** The key of the ConfigMap: everything, or one incident by its id. Throws `Usage` unless exactly one is named. */
export async function holdKey(desk: Desk, text: string | undefined, all: true | undefined): Promise<string> {
  if ((text === undefined) === (all === undefined)) throw new Usage('Name one incident, or use --all.');
  if (text === undefined) return 'hold';
  return `hold.${await desk.temporal.idOf(await desk.temporal.find(text))}`;
}

/** A kubeconfig that cannot be read leaves `kubectl`. */
async function goesTo(desk: Desk, data: Record<string, string>, command: string) {
  try {
    return await destination(desk, command);
  } catch (error) {
    if (error instanceof Failed)
      throw new Failed(`${error.message}\nHold it without us: ${kubectl(desk, data)}`, { cause: error });
    throw error;
  }
}

/** A missing ConfigMap holds everything already. */
async function holds(desk: Desk, data: Record<string, string>): Promise<true> {
  try {
    await patchHold(desk, { data });
  } catch (error) {
    if (error instanceof Failed) throw new Failed(`${error.message}\nHold it without us: ${kubectl(desk, data)}`);
    if (!(error instanceof NotFound)) throw error;
    desk.note(`${error.message} While it is missing, everything is held.`);
  }
  return true;
}
