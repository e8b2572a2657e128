/** One command for each operation that is written: its flags, its help and its examples are made from its table of fields. */

import { newName } from '../../workflows/contract/index.ts';
import { type Command, Option } from 'commander';
import {
  type Field,
  type FieldTable,
  isWritten,
  notAvailable,
  notWritten,
  readValues,
  type Runbook,
  runbooks,
  wanted,
  type Written,
} from '../../workflows/catalog/index.ts';
import { Refused, Usage } from '../errors.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { runbookOf } from './open.ts';
import { outputs } from './outputs.ts';
import { line, quoted } from './text.ts';

const examples = `
Examples:
  runbooks start morning-health-check
  runbooks start quantum-workload-scaling --workers 4 -o json

runbooks start <operation> --help lists the flags of one.`;

interface Options extends Record<string, unknown> {
  because?: string;
  as: string;
  output: Format;
}

export const start: Register = (program, desk) => {
  const all = program
    .command('start')
    .description('start an operation; each has flags of its own')
    .argument('[operation]')
    .addHelpText('after', examples)
    .action((slug?: string) => {
      throw slug === undefined ? new Usage(all.helpInformation().trimEnd()) : cannot(runbookOf(slug));
    });
  for (const runbook of runbooks) if (isOperation(runbook)) register(all, desk, runbook);
};

const isOperation = (runbook: Runbook): runbook is Written => runbook.kind === 'operation' && isWritten(runbook);

const cannot = (runbook: Runbook) =>
  runbook.kind === 'operation'
    ? new Refused(line`Cannot be started: ${notWritten(runbook)}.`)
    : new Refused(line`Cannot be started: ${runbook.title} is an incident. Open it: runbooks open ${runbook.slug}`);

function register(all: Command, desk: Desk, runbook: Written) {
  const { slug, title, fields: table = {} } = runbook;
  const command = all.command(slug).description(`${title}, now`);
  for (const [name, field] of Object.entries(table)) command.addOption(optionOf(name, field));
  command
    .option('--because <text>', 'why it is started now')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', `\nExamples:\n${examplesOf(slug, table)}`)
    .action(async ({ because, as: by, output: format, ...typed }: Options) => {
      const platform = desk.platform();
      const lacking = notAvailable(runbook, platform);
      if (lacking !== undefined) throw new Refused(line`Cannot be started: ${lacking}.`);
      const values = readValues(table, valuesOf(table, typed));
      if ('malformed' in values) throw new Usage(line`Not started: ${values.malformed}.`);
      const input = { version: 1, input: values.ok, platform: desk.timesNow(), because: reason(by, because) } as const;
      const started = await desk.temporal.startOperation(runbook, newName(slug, desk.now()), input, platform.cluster);
      desk.show(format, outputs.start, started, () => [
        line`${started.operation}: started.`,
        line`See: runbooks show ${started.operation}`,
      ]);
    });
}

const reason = (by: string, because: string | undefined) => `Started by ${by}${because === undefined ? '' : `: ${because}`}`;

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

function optionOf(name: string, field: Field): Option {
  const usual = field.usual === undefined ? '' : `; ${field.usual} if absent`;
  return new Option(`${flagOf(name)} <${field.type}>`, `${field.help} (${wanted(field)}${usual})`);
}

/** Typed texts as the values that they look like; what looks like none is refused by the guard, in its words. */
const valuesOf = (table: FieldTable, typed: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, table[name]?.type === 'number' ? numberIn(String(text)) : text]),
  );

const numberIn = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** Without flags where none is needed, and with each of them. */
function examplesOf(slug: string, table: FieldTable): string {
  const flags = Object.entries(table).map(([name, field]) => ({ text: `${flagOf(name)} ${exampleOf(field)}`, ...field }));
  const needed = flags.filter(({ needed }) => needed);
  const lines = [needed, flags].map(some => ['  runbooks start', slug, ...some.map(({ text }) => text)].join(' '));
  return [...new Set([...lines, `  runbooks start ${slug} ${needed.map(({ text }) => `${text} `).join('')}-o json`])].join('\n');
}

function exampleOf(field: Field): string {
  if (field.type === 'text') return quoted(field.usual ?? 'a text');
  return quoted(String(field.usual ?? (field.type === 'number' ? field.least : field.choices[0])));
}
