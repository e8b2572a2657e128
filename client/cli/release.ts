import type { Listed } from '../incident.ts';
import { configMapOf, kubectl, makeHold, patchHold } from './cluster.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { holdKey } from './hold.ts';
import { NotFound } from '../errors.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks release --all
  runbooks release dynex-outage-20261124-k7fp

Every change that waited is planned again, and asked again where it has to be.
A ConfigMap that was deleted comes back with every runbook in observe: runbooks arm <runbook> --mode supervised.`;

interface Options {
  all?: true;
  as: string;
  output: Format;
}

export const release: Register = (program, desk) =>
  program
    .command('release [incident]')
    .description('end a hold, of one incident or of all')
    .option('-a, --all', 'the hold of everything')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string | undefined, { all, as: by, output: format }: Options) => {
      const data = { [await holdKey(desk, text, all)]: null };
      const left = await patchHold(desk, { data }).catch((error: unknown) => madeAnew(desk, error));
      const signalled = await signal(desk, text, by).catch((error: unknown) => {
        desk.note(
          line`Released: ${text ?? 'everything'}. Incidents with held actions were not notified: release again when Temporal answers.`,
        );
        throw error;
      });
      const value = { configMap: configMapOf(desk), changed: data, inForce: true, kubectl: kubectl(desk, data), signalled };
      desk.show(format, outputs.release, value, () => [
        left['hold']
          ? line`Everything is still held: ${left['hold']}. See: runbooks release --all`
          : line`Released: ${text ?? 'everything'}.`,
        ...signalled.map(name => line`${name} is re-planning its held actions.`),
      ]);
    });

/** Tells those that wait that they may look again. */
async function signal(desk: Desk, text: string | undefined, by: string): Promise<string[]> {
  const concerned: Listed[] = text === undefined ? await desk.temporal.list() : [await desk.temporal.find(text)];
  const open = concerned.filter(({ open }) => open);
  await Promise.all(open.map(incident => desk.temporal.release(incident, by)));
  return open.map(({ name }) => name);
}

/** Where the ConfigMap was deleted it comes back, and every runbook observes until it is armed again. */
function madeAnew(desk: Desk, error: unknown): Promise<Record<string, string>> {
  if (!(error instanceof NotFound)) throw error;
  return makeHold(desk);
}
