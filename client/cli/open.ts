import { randomUUID } from 'node:crypto';
import { isWritten, notWritten, runbooks } from '../../workflows/catalog/index.ts';
import type { Runbook, Written } from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { NotFound, Refused } from '../errors.ts';
import { newName } from '../names.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks open dynex-outage --because 'customers report failing jobs'

A person's word is believed at once: the incident pages and begins its immediate response.`;

interface Options {
  because: string;
  as: string;
  cluster?: string;
  output: Format;
}

export const open: Register = (program, desk) =>
  program
    .command('open <runbook>')
    .description('open an incident by hand, or join the one that is open')
    .requiredOption('--because <text>', 'what you see')
    .option('--cluster <name>', "instead of the platform's own")
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (slug: string, { because, as: by, cluster, output: format }: Options) => {
      const runbook = writtenRunbook(slug);
      const platform = desk.platform();
      const alert = alertOf(runbook, { because, by, cluster: cluster ?? platform.cluster, now: desk.now() });
      const name = newName(runbook.incident, desk.now());
      const opened = await desk.temporal.openOrJoin(runbook, { version: 1, name, alert, platform: desk.timesNow(), because });
      desk.show(format, outputs.open, opened, () => [
        line`${opened.incident}: ${opened.fate}.`,
        line`See: runbooks show ${opened.incident}`,
      ]);
    });

function writtenRunbook(slug: string): Written {
  const runbook = runbookOf(slug);
  if (!isWritten(runbook)) throw new Refused(line`Cannot be opened: ${notWritten(runbook)}.`);
  return runbook;
}

/** Throws `NotFound` with what there is. */
export function runbookOf(slug: string): Runbook {
  const runbook = runbooks.find(one => one.slug === slug);
  if (runbook) return runbook;
  const known = runbooks.map(one => one.slug).join(', ');
  throw new NotFound(line`The catalog has no runbook ${JSON.stringify(slug)}. It has ${known}.`);
}

interface Said {
  because: string;
  by: string;
  cluster: string;
  now: number;
}

const alertOf = ({ title, slug }: Runbook, { because, by, cluster, now }: Said): Alert => ({
  name: 'OpenedByHand',
  status: 'firing',
  fingerprint: randomUUID(),
  startsAt: new Date(now).toISOString(),
  labels: { alertname: 'OpenedByHand', runbook: slug, cluster },
  annotations: { summary: line`${title}, opened by ${by}: ${because}` },
  source: 'person',
});
