import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webAddress } from '../../activities/connectors/address.ts';
import type { Destination } from '../../activities/connectors/kubeconfig.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { firingAlerts } from '../firing-alerts.ts';
import { type Environment, platformFile, value } from '../environment.ts';
import { Usage } from '../errors.ts';
import { judged } from '../intake/judgement.ts';
import { type ClientPlatform, readPlatform } from '../platform.ts';
import { type Desk, type Format, output, type Register } from './desk.ts';
import { context, destination, isCalled, onCluster } from './destination.ts';
import { proposed } from './init.ts';
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
description is that of RUNBOOKS_PLATFORM, or platform.json; where none is named and platform.json is of another cluster, what
runbooks init proposes.`;

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
      desk.note(onCluster(found));
      const described = isDescribed(desk, found) ? undefined : await describedNow(desk, measured.prometheus);
      const file = described ?? platformFile(desk.environment);
      const [platform, now] = [readPlatform(file, desk.environment), desk.now()];
      const posted = await firingAlerts(alertmanager);
      const alerts = posted.map(one => shownOf(one, 'alertmanager', platform, now));
      const seen = { ...measured, context: named, platform: file };
      const incidents = await observed(opening(posted, platform, now), seen, desk.environment);
      desk.show(format, outputs.try, { alerts, incidents }, () => [
        ...(alerts.length === 0 ? ['No alert fires now.'] : alerts.map(lineOf)),
        ...incidents.flatMap(triedLines),
      ]);
    });

const isDescribed = (desk: Desk, found: Destination) =>
  value(desk.environment, 'RUNBOOKS_PLATFORM') !== undefined || isCalled(found, desk.platform());

/** A file, in a folder of its own, with what `runbooks init` proposes: the shipped description would tell nothing of this cluster. */
async function describedNow(desk: Desk, prometheus: string | undefined): Promise<string> {
  const { description } = await proposed({ context: desk.context, prometheus }, {}, desk.environment);
  const folder = mkdtempSync(join(tmpdir(), 'runbooks-try-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'platform.json');
  writeFileSync(file, JSON.stringify(description));
  desk.note(
    line`platform.json is of another cluster, so this is what runbooks init proposes. To use a file: export RUNBOOKS_PLATFORM=FILE`,
  );
  return file;
}

/** The alerts of each incident: the first opens it, the others join. */
function opening(posted: unknown[], platform: ClientPlatform, now: number): Alert[][] {
  const routed = posted.flatMap(one => {
    const judgement = judged(one, 'alertmanager', platform, now);
    return 'runbook' in judgement && 'alert' in judgement ? [judgement] : [];
  });
  return [...Map.groupBy(routed, ({ runbook }) => runbook.incident).values()].map(group => group.map(({ alert }) => alert));
}

const program = join(import.meta.dirname, '../../worker/try.ts');

const failed = 'The runbooks could not be tried: the lines above say why.';

/** A line of JSON an incident. @throws Failed */
async function observed(groups: Alert[][], seen: Record<string, string | undefined>, environment: Environment) {
  if (groups.length === 0) return [];
  const input = groups.map(alerts => `${JSON.stringify(alerts)}\n`).join('');
  const printed = await printedBy({ file: program, flags: seen, input, environment }, failed);
  return printed
    .split('\n')
    .filter(Boolean)
    .map(told => tried.parse(JSON.parse(told)));
}
