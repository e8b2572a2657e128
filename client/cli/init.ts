import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { webAddress } from '../../activities/connectors/address.ts';
import type { Environment } from '../environment.ts';
import { Failed, Refused, Usage } from '../errors.ts';
import { type Format, output, type Register } from './desk.ts';
import { context, expectMeant, leadingTo, onCluster } from './destination.ts';
import { initiated, markLines } from './initiated.ts';
import { outputs } from './outputs.ts';
import { printedBy } from './processes.ts';
import { line, quoted } from './text.ts';

const examples = `
Examples:
  runbooks init --context staging --prometheus http://localhost:9090 --write staging.json
  runbooks init --namespace shop --namespace mail
  runbooks init --workload worker=shop/cruncher --workload batch=night-cruncher
  runbooks init -o json

Reads the cluster and Prometheus, and writes nothing there. The description is one that this program accepts; what stands
below it was not found, or is to be confirmed, before anything acts. A file is replaced with --force only.`;

interface Options {
  context?: string;
  prometheus?: string;
  namespace: string[];
  workload: string[];
  write?: string;
  force?: true;
  output: Format;
}

export const init: Register = (program, desk) =>
  program
    .command('init')
    .description('propose a platform description of a cluster; changes nothing there')
    .addOption(context())
    .option('--prometheus <url>', 'where it is measured; without it no series is looked for')
    .option('--namespace <name>', 'a namespace to describe, again for each; all but those of the cluster itself', collected, [])
    .option('--workload <name=workload>', 'the workload that runbooks call api, worker or batch, again for each', chosen, [])
    .option('--write <file>', 'a file for the description, instead of the standard output')
    .option('--force', 'replace the file')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ context: named, prometheus, namespace, workload, write, force, output: format }: Options) => {
      if (prometheus !== undefined && !webAddress.safeParse(prometheus).success)
        throw new Usage(line`--prometheus is an http or https address, not ${JSON.stringify(prometheus)}.`);
      if (write !== undefined && existsSync(write) && !force) throw new Refused(there(write));
      desk.context = named;
      expectMeant(desk);
      const found = await leadingTo(desk);
      const { description, marks } = await proposed({ context: named, prometheus }, { namespace, workload }, desk.environment);
      desk.note(onCluster(found));
      if (write !== undefined) keep(write, description, force);
      desk.show(format, outputs.init, { description, marks, written: write }, () =>
        write === undefined
          ? [JSON.stringify(description, undefined, 2)]
          : [line`Wrote ${write}.`, ...markLines(marks), ...next(write)],
      );
      if (format === 'text' && write === undefined) desk.note(markLines(marks).join('\n'));
    });

const collected = (name: string, before: string[]) => [...before, name];

function chosen(option: string, before: string[]): string[] {
  if (/^[\w-]+=([\w.-]+\/)?[\w.-]+$/.test(option)) return [...before, option];
  throw new Usage(line`--workload is NAME=WORKLOAD or NAME=NAMESPACE/WORKLOAD, not ${JSON.stringify(option)}.`);
}

const there = (file: string) => line`${file} exists already, so nothing was written. To replace it, add --force.`;

const next = (file: string) => ['', `Next:  export RUNBOOKS_PLATFORM=${quoted(file)}   then   runbooks doctor`];

const schema = resolve(import.meta.dirname, '../../platform.schema.json');

/** @throws Refused where someone else has written it meanwhile */
function keep(file: string, description: object, force = false) {
  const $schema = relative(dirname(resolve(file)), schema);
  const content = `${JSON.stringify({ $schema, ...description }, undefined, 2)}\n`;
  try {
    writeFileSync(file, content, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new Refused(there(file));
    throw new Failed(line`${file} cannot be written: ${String(error)}`, { cause: error });
  }
}

const program = join(import.meta.dirname, '../../worker/init.ts');

const failed = 'The cluster could not be described: the lines above say why.';

/** @throws Failed */
export async function proposed(
  asked: Record<string, string | undefined>,
  several: Record<string, string[]>,
  environment: Environment,
) {
  const more = Object.entries(several).flatMap(([name, values]) => values.flatMap(value => [`--${name}`, value]));
  const printed = await printedBy({ file: program, flags: asked, more, environment }, failed);
  return initiated.parse(JSON.parse(printed));
}
