import { join } from 'node:path';
import type { Register } from './desk.ts';
import { runProcess } from './processes.ts';

const examples = `
Examples:
  runbooks rights
  runbooks rights --platform ours.json --account shop/runbooks | kubectl apply -f -
  runbooks rights --user nqba-runbooks

Changes nothing. Everything is granted by name where a name can be given: what the platform description names, and
nothing else. A ValidatingAdmissionPolicy holds the worker to dry runs of pods.`;

interface Options {
  platform?: string;
  account?: string;
  user?: string;
}

export const rights: Register = (program, desk) =>
  program
    .command('rights')
    .description('print the Roles that the worker needs on this platform')
    .option('--platform <file>', 'the platform description, instead of RUNBOOKS_PLATFORM')
    .option('--account <namespace/name>', 'the ServiceAccount of the worker; if absent, runbooks, beside the hold')
    .option('--user <name>', 'the name of a worker outside the cluster')
    .addHelpText('after', examples)
    .action(async (given: Options) => {
      const named = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
      desk.exit = await runProcess(join(import.meta.dirname, '../../worker/rights.ts'), named, desk.environment);
    });
