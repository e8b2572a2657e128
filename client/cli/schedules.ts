/** Schedules as code: the catalog says when operations start by themselves, and the server is held against it. */

import type { Command } from 'commander';
import { schedules as rows } from '../../workflows/catalog/index.ts';
import { Usage } from '../errors.ts';
import { readPeople } from '../platform.ts';
import { type Difference, differences, wantedSchedules } from '../schedules.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { outputs } from './outputs.ts';
import { clock, line, table } from './text.ts';

const examples = `
Examples:
  runbooks schedules diff
  runbooks schedules apply
  runbooks schedules list -o json
  runbooks schedules trigger morning-health-check
  runbooks schedules pause morning-health-check --reason 'the cluster is rebuilt today'
  runbooks schedules resume morning-health-check --reason 'it is rebuilt'

The times stand in the catalog, in the time zone of the platform. What someone has changed by hand on the server is a
difference; apply sets it back, but for a pause, which only resume ends.`;

export const schedules: Register = (program, desk) => {
  const all = program
    .command('schedules')
    .description('when operations start by themselves: compare, apply, list, start now, pause')
    .addHelpText('after', examples);
  all
    .command('diff')
    .description('what the server has otherwise than the catalog; then the exit code is 1')
    .addOption(output())
    .action(async ({ output: format }: { output: Format }) => {
      const found = await differing(desk);
      if (found.length > 0) desk.exit = 1;
      desk.show(format, outputs['schedules-diff'], { differences: found }, () =>
        found.length === 0 ? ['The schedules are as the catalog says.'] : found.map(({ name, text }) => line`${name}: ${text}.`),
      );
    });
  all
    .command('apply')
    .description('create or set back what is missing or changed')
    .action(() => apply(desk));
  all
    .command('list')
    .description('the schedules of the server: when they start next')
    .addOption(output())
    .action(async ({ output: format }: { output: Format }) => {
      const found = await desk.temporal.schedules.find(wantedOf(desk));
      const listed = found.map(({ name, words, paused, next, last }) => ({ name, time: words.time, paused, next, last }));
      desk.show(format, outputs.schedules, { schedules: listed }, () => linesOf(listed, desk.now()));
    });
  all
    .command('trigger <operation>')
    .description('start it now, as at its time')
    .action(async (name: string) => {
      await desk.temporal.schedules.trigger(name);
      desk.out([line`${name}: started. See: runbooks list`]);
    });
  pausing(all, desk);
};

function pausing(all: Command, desk: Desk) {
  for (const [verb, does, done] of [
    ['pause', 'start it no more until it is resumed', 'paused'],
    ['resume', 'start it again at its times', 'resumed'],
  ] as const)
    all
      .command(`${verb} <operation>`)
      .description(does)
      .requiredOption('--reason <text>', 'why')
      .addOption(as())
      .action(async (name: string, { reason, as: by }: { reason: string; as: string }) => {
        await desk.temporal.schedules[verb](name, `${by}: ${reason}`);
        desk.out([line`${name}: ${done}.`]);
      });
}

const wantedOf = (desk: Desk) => wantedSchedules(desk.platform(), readPeople(desk.environment), desk.now());

async function differing(desk: Desk): Promise<Difference[]> {
  const wanted = wantedOf(desk);
  const { schedules } = desk.temporal;
  return differences(await schedules.inWords(wanted), await schedules.find(wanted));
}

const isToSet = ({ what }: Difference) => what === 'missing' || what === 'changed';

async function apply(desk: Desk) {
  const wanted = wantedOf(desk);
  if (wanted.length === 0) throw new Usage('No operation with a schedule is available on this platform. Nothing was changed.');
  const found = await differing(desk);
  for (const one of wanted) {
    const name = one.runbook.slug;
    const set = found.find(difference => difference.name === name && isToSet(difference));
    if (set) await desk.temporal.schedules.apply(one);
    desk.out([
      set ? line`${name}: ${set.what === 'missing' ? 'created' : `set back (${set.text})`}.` : line`${name}: unchanged.`,
    ]);
    if (set?.what === 'missing') desk.out(reasonsOf(name));
  }
  for (const { name, text } of found.filter(one => !isToSet(one))) desk.note(line`${name}: ${text}.`);
}

/** Why it starts as it does. */
function reasonsOf(name: string): string[] {
  const row = rows[name];
  if (row === undefined) return [];
  const { jitter, overlap, catchUp } = row;
  return [
    line`  jitter ${jitter.is} s: ${jitter.because}`,
    line`  overlap ${overlap.is}: ${overlap.because}`,
    line`  catch-up ${catchUp.is} min: ${catchUp.because}`,
  ];
}

const linesOf = (
  listed: { name: string; time: string; paused?: string | undefined; next: string[]; last?: string | undefined }[],
  now: number,
) =>
  listed.length === 0
    ? ['The server has no schedule of ours. Create them: runbooks schedules apply']
    : table(
        ['OPERATION', 'TIME', 'NEXT', 'LAST', 'PAUSED'],
        listed.map(({ name, time, paused, next: [next], last }) => [
          name,
          time,
          paused === undefined && next ? clock(next, now) : '-',
          last ? clock(last, now) : '-',
          paused ?? '-',
        ]),
      );
