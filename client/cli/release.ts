import type { Listed } from '../incident.ts';
import { configMapOf, kubectl, makeHold, patchHold, readHold } from './cluster.ts';
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

Every held action is planned again; its approval is asked for again if it needs one.
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
      const key = await holdKey(desk, text, all);
      const data = { [key]: null };
      const wasHeld = await isHeld(desk, key);
      const left = await patchHold(desk, { data }).catch((error: unknown) => madeAgain(desk, error));
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
          : line`${released(text, wasHeld)}`,
        ...signalled.map(name => line`${name} is re-planning its held actions.`),
      ]);
    });

/** Incidents with held actions plan them again. */
async function signal(desk: Desk, text: string | undefined, by: string): Promise<string[]> {
  const concerned: Listed[] = text === undefined ? await desk.temporal.list() : [await desk.temporal.find(text)];
  const open = concerned.filter(({ open }) => open);
  await Promise.all(open.map(incident => desk.temporal.signal(incident, 'release', { by })));
  return open.map(({ name }) => name);
}

const released = (text: string | undefined, wasHeld: boolean) =>
  wasHeld ? `Released: ${text ?? 'everything'}.` : `${text ?? 'Everything together'} was not held: nothing was released.`;

/** A ConfigMap that is missing holds everything. */
const isHeld = (desk: Desk, key: string) =>
  readHold(desk).then(
    data => data[key] !== undefined,
    (error: unknown) => (error instanceof NotFound ? true : Promise.reject(error)),
  );

/** A ConfigMap that was deleted comes back, and every runbook observes until it is armed again. */
function madeAgain(desk: Desk, error: unknown): Promise<Record<string, string>> {
  if (!(error instanceof NotFound)) throw error;
  return makeHold(desk);
}
