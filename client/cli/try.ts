import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { webAddress } from '../../activities/connectors/address.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { firingAlerts } from '../firing-alerts.ts';
import { type Environment, platformFile } from '../environment.ts';
import { Failed, Usage } from '../errors.ts';
import { judged } from '../intake/judgement.ts';
import type { ClientPlatform } from '../platform.ts';
import { type Format, output, type Register } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { outputs } from './outputs.ts';
import { quietly } from './processes.ts';
import { lineOf, shownOf } from './route.ts';
import { line } from './text.ts';
import { tried, triedLines } from './tried.ts';

const examples = `
Examples:
  runbooks try --context production --alertmanager http://localhost:9093 --prometheus http://localhost:9090
  runbooks try --context staging --alertmanager http://localhost:9093 -o json

Writes nothing and needs no Temporal. For each alert that fires now it shows the runbook; for each runbook, what an observing
worker finds out on this cluster and plans, until people are asked. Changes are asked for as dry runs only. The platform
description is that of RUNBOOKS_PLATFORM, or platform.json.`;

interface Options {
  alertmanager: string;
  prometheus?: string;
  loki?: string;
  context?: string;
  output: Format;
}

export const tryCommand: Register = (program, desk) =>
  program
    .command('try')
    .description('show what the runbooks would do about the alerts that fire now; changes nothing')
    .requiredOption('--alertmanager <url>', 'where the alerts are')
    .option('--prometheus <url>', 'where they are measured; without it much is unknown')
    .option('--loki <url>', 'where logs are')
    .addOption(context())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ alertmanager, output: format, context: named, ...measured }: Options) => {
      for (const [name, address] of Object.entries({ alertmanager, ...measured }))
        if (!webAddress.safeParse(address).success)
          throw new Usage(line`--${name} is an http or https address, not ${JSON.stringify(address)}.`);
      desk.context = named;
      const found = await destination(desk, 'runbooks try');
      const [platform, now] = [desk.platform(), desk.now()];
      const posted = await firingAlerts(alertmanager);
      const alerts = posted.map(one => shownOf(one, 'alertmanager', platform, now));
      const seen = { ...measured, context: named, platform: platformFile(desk.environment) };
      const incidents = await observed(opening(posted, platform, now), seen, desk.environment);
      desk.note(onCluster(found));
      desk.show(format, outputs.try, { alerts, incidents }, () => [
        ...(alerts.length === 0 ? ['No alert fires now.'] : alerts.map(lineOf)),
        ...incidents.flatMap(triedLines),
      ]);
    });

/** The alerts of each incident: the first opens it, the others join. */
function opening(posted: unknown[], platform: ClientPlatform, now: number): Alert[][] {
  const routed = posted.flatMap(one => {
    const judgement = judged(one, 'alertmanager', platform, now);
    return 'by' in judgement ? [judgement] : [];
  });
  return [...Map.groupBy(routed, ({ runbook }) => runbook.incident).values()].map(group => group.map(({ alert }) => alert));
}

const file = join(import.meta.dirname, '../../worker/try.ts');

/** A process that has the worker's connections prints a line of JSON an incident. @throws Failed */
async function observed(groups: Alert[][], seen: Record<string, string | undefined>, environment: Environment) {
  if (groups.length === 0) return [];
  const flags = Object.entries(seen).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const child = spawn(process.execPath, [quietly, file, ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environment },
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  child.stdin.end(groups.map(alerts => `${JSON.stringify(alerts)}\n`).join(''));
  const printed = await text(child.stdout);
  if ((await ended) !== 0) throw new Failed('The runbooks could not be tried: the lines above say why.');
  return printed
    .split('\n')
    .filter(Boolean)
    .map(told => tried.parse(JSON.parse(told)));
}
