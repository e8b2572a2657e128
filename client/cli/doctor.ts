import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { TemporalUnreachable } from '../errors.ts';
import { detectionChecks } from './detection.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import type { Output } from './outputs.ts';
import { outputs } from './outputs.ts';
import { bold, line, red } from './text.ts';

const examples = `
Examples:
  runbooks doctor
  runbooks doctor -o json

Changes nothing. Each fault is one line with its fix, and sets the exit code to 1. A warning does not.`;

type Check = Output<'doctor'>['checks'][number];

export const doctor: Register = (program, desk) =>
  program
    .command('doctor')
    .description('check that everything an incident needs exists, is reachable and is permitted')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ output: format }: { output: Format }) => {
      const checks = [await temporal(desk), ...(await detectionChecks(desk)), ...(await worker(desk))];
      const faults = checks.filter(({ ok }) => !ok);
      desk.show(format, outputs.doctor, { ok: faults.length === 0, checks }, () => checks.map(checkLine));
      desk.exit = faults.length > 0 ? 1 : 0;
    });

function checkLine({ check, ok, warning, text, fix }: Check): string {
  if (!ok) return red(line`fault  ${check}: ${text}${fix ? ` Fix: ${fix}` : ''}`);
  return warning ? bold(line`warn   ${check}: ${text}`) : line`ok     ${check}: ${text}`;
}

async function temporal(desk: Desk): Promise<Check> {
  const check = 'Temporal';
  try {
    await desk.temporal.ready();
    return { check, ok: true, text: 'reachable' };
  } catch (error) {
    if (!(error instanceof TemporalUnreachable)) throw error;
    return { check, ok: false, text: error.message };
  }
}

const file = join(import.meta.dirname, '../../worker/doctor.ts');
const told = outputs.doctor.shape.checks.element;

/** Checks that need the worker's connections run in the worker's room: a process that prints a JSON line a check. */
async function worker(desk: Desk): Promise<Check[]> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...desk.environment } });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const checks: Check[] = [];
  for await (const text of createInterface({ input: child.stdout })) checks.push(checkOf(text));
  if ((await ended) === 0 || checks.some(({ ok }) => !ok)) return checks;
  return [
    ...checks,
    { check: 'doctor', ok: false, text: 'the checks of the worker ended early', fix: 'read what it printed above' },
  ];
}

function checkOf(text: string): Check {
  try {
    return told.parse(JSON.parse(text));
  } catch {
    return { check: 'doctor', ok: false, text };
  }
}
