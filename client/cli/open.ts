import { randomUUID } from 'node:crypto';
import { isWritten, noIncident, notAvailable, notWritten, runbooks } from '../../workflows/catalog/index.ts';
import type { Runbook, Written } from '../../workflows/catalog/index.ts';
import { newName, type Alert } from '../../workflows/contract/index.ts';
import { clusterNames, isOurs } from '../clusters.ts';
import { NotFound, Refused, Usage } from '../errors.ts';
import type { Opened } from '../incident.ts';
import type { ClientPlatform } from '../platform.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { type OpenedLike, openLike } from './open-like.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks open dynex-outage --because 'customers report failing jobs'
  runbooks open dynex-outage --like dynex-outage-20261124-k7fp --because 'the quota is raised'
  runbooks open dynex-outage --like dynex-outage-20261124-k7fp --from 'Test Connectivity' --because 'the network was fixed'

A person's report needs no confirmation: the incident pages and starts its immediate response.
With --like a new incident continues an earlier one, open or closed, from a step: the record before that step
is taken over (findings, actions, answers); every later step is done under the new incident's keys.`;

interface Options {
  because: string;
  as: string;
  cluster?: string;
  like?: string;
  from?: string;
  output: Format;
}

export const open: Register = (program, desk) =>
  program
    .command('open <runbook>')
    .description('open an incident by hand, or join the open one')
    .requiredOption('--because <text>', 'the symptom that you see')
    .option('--cluster <name>', "the platform's own, or one of its other names; any other is refused")
    .option('--like <incident>', 'a new incident, which takes over what the record of this one has before a step')
    .option('--from <step>', 'with --like: title or key of the step; if absent, the first that did not succeed')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (slug: string, { because, as: by, cluster, like, from, output: format }: Options) => {
      if (from !== undefined && like === undefined) throw new Usage('Name the incident of the step with --like.');
      const runbook = availableRunbook(slug, desk.platform());
      const alert = alertOf(runbook, { because, by, cluster: ourCluster(desk.platform(), cluster), now: desk.now() });
      const name = newName(runbook.incident, desk.now());
      const start = { version: 1, name, alert, platform: desk.timesNow(), because } as const;
      if (like !== undefined) return showAlike(desk, format, await openLike(desk, runbook, start, { like, from }));
      const opened = await desk.temporal.openOrJoin(runbook, start);
      desk.show(format, outputs.open, opened, () => [line`${opened.incident}: ${opened.result}.`, seeIt(opened)]);
    });

/** The one name of the cluster. Throws `Usage` where another one is meant: what opens here acts here. */
function ourCluster(platform: ClientPlatform, named = platform.cluster): string {
  if (isOurs(platform, named)) return platform.cluster;
  const names = clusterNames(platform);
  throw new Usage(
    line`This is ${names}, and ${named} is another cluster: open the incident with its own intake or command line.`,
  );
}

const seeIt = ({ incident }: Opened) => line`See: runbooks show ${incident}`;

function showAlike(desk: Desk, format: Format, opened: OpenedLike) {
  const { incident, from, taken, again } = opened.like;
  desk.show(format, outputs.open, opened, () => [
    line`${opened.incident}: ${opened.result}, like ${incident}, ${taken.length} steps taken over. It starts with “${from}”.`,
    ...again.map(title => line`Also re-run, because it had no result: “${title}”.`),
    seeIt(opened),
  ]);
}

function availableRunbook(slug: string, platform: ClientPlatform): Written {
  const runbook = runbookOf(slug);
  const lacking = notAvailable(runbook, platform);
  if (lacking !== undefined) throw new Refused(line`Cannot be opened: ${lacking}.`);
  if (!isWritten(runbook)) throw new Refused(line`Cannot be opened: ${notWritten(runbook)}.`);
  if (runbook.kind === 'operation') throw new Refused(line`Cannot be opened: ${noIncident(runbook)}.`);
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
