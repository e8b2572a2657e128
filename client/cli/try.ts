import { join } from 'node:path';
import { webAddress } from '../../activities/connectors/address.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { firingAlerts } from '../firing-alerts.ts';
import { type Environment, platformFile } from '../environment.ts';
import { Usage } from '../errors.ts';
import { judged } from '../intake/judgement.ts';
import type { ClientPlatform } from '../platform.ts';
import { type Format, output, type Register } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { outputs } from './outputs.ts';
import { printedBy } from './processes.ts';
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
    return 'runbook' in judgement && 'alert' in judgement ? [judgement] : [];
  });
  return [...Map.groupBy(routed, ({ runbook }) => runbook.incident).values()].map(group => group.map(({ alert }) => alert));
}

const file = join(import.meta.dirname, '../../worker/try.ts');

const failed = 'The runbooks could not be tried: the lines above say why.';

/** A line of JSON an incident. @throws Failed */
async function observed(groups: Alert[][], seen: Record<string, string | undefined>, environment: Environment) {
  if (groups.length === 0) return [];
  const input = groups.map(alerts => `${JSON.stringify(alerts)}\n`).join('');
  const printed = await printedBy({ file, flags: seen, input, environment }, failed);
  return printed
    .split('\n')
    .filter(Boolean)
    .map(told => tried.parse(JSON.parse(told)));
}
