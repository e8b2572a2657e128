/**
 * `runbooks doctor` looks through this: it prints one line of JSON a check, changes nothing, and exits 0 whatever it finds.
 * `node worker/doctor.ts [--platform FILE]`; rights are those of WORKER_USER, if it is set, else of whoever KUBECONFIG is.
 */

import { parseArgs } from 'node:util';
import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import { clock } from './clock.ts';
import { ConfigError, type Environment, readConfig } from './config.ts';
import { examine } from './doctor/examination.ts';
import { fault, type Line } from './doctor/line.ts';
import { temporalLines } from './doctor/temporal.ts';

async function examined(environment: Environment): Promise<Line[]> {
  try {
    const own = environment['RUNBOOKS_FOLDER'] || undefined;
    if (own) joinCatalog(own);
    return await examine(await readConfig(environment), clock, own);
  } catch (error) {
    if (error instanceof OwnRunbookError)
      return [fault('Runbooks', `${error.message}.`, 'Correct the folder that RUNBOOKS_FOLDER names.')];
    if (!(error instanceof ConfigError)) throw error;
    return faultsIn(error.message);
  }
}

/** A first line that ends in a colon is a heading. */
function faultsIn(message: string): Line[] {
  const lines = message.split('\n').filter((text, index) => index > 0 || !text.endsWith(':'));
  const fix = '.env.example lists every variable, platform.schema.json and roles.schema.json every field.';
  return lines.map(text => fault('Configuration', `${text.trim()}.`, fix));
}

const { values } = parseArgs({ options: { platform: { type: 'string' } } });
const environment = { ...process.env, ...(values.platform && { RUNBOOKS_PLATFORM: values.platform }) };
const lines = (await Promise.all([examined(environment), temporalLines(environment)])).flat();
// Connections are left open for a while: no one waits for them.
process.stdout.write(lines.map(line => `${JSON.stringify(line)}\n`).join(''), () => process.exit(0));
