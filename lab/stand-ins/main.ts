/** The stand-ins as a process of their own: `node lab/stand-ins/main.ts CONFIG.json`. It says its addresses on one line, and ends on SIGTERM. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LabError, reason } from '../lab-error.ts';
import { serveStandIns, StandInsConfig } from './serve.ts';

function configuration(file: string | undefined): StandInsConfig {
  if (!file) throw new LabError('Say which configuration: node lab/stand-ins/main.ts CONFIG.json');
  try {
    return StandInsConfig.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : reason(error);
    throw new LabError(`${file} is no configuration of the stand-ins: ${why}`);
  }
}

/** A clear sentence for what a person can fix; everything else with its stack. */
function fail(error: unknown): never {
  console.error(error instanceof LabError ? error.message : error);
  process.exit(1);
}

process.on('unhandledRejection', fail);
try {
  const standIns = await serveStandIns(configuration(process.argv[2]));
  console.log(JSON.stringify({ ready: standIns.urls }));
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await standIns.stop();
} catch (error) {
  fail(error);
}
