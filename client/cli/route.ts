import { readFileSync } from 'node:fs';
import { Usage } from '../errors.ts';
import { labelsOf } from '../intake/body.ts';
import { anyForm } from '../intake/forms.ts';
import { judged, type Sender } from '../intake/judgement.ts';
import type { ClientPlatform } from '../platform.ts';
import { type Format, output, type Register } from './desk.ts';
import { type Output, outputs, wouldOpen, wouldResolve } from './outputs.ts';
import { bold, cut, line, plain } from './text.ts';

const examples = `
Examples:
  runbooks route --file payload.json
  runbooks route --file payload.json -o json

Takes the bodies that the intake takes: of Alertmanager, of Grafana, and the one of POST /alerts. Does nothing, and asks
nothing: whether an alert would open an incident or join an open one is known to Temporal alone.`;

type Shown = Output<'route'>['alerts'][number];

/** Characters of a reason or a name. */
const longest = 300;

export function shownOf(posted: unknown, from: Sender, platform: ClientPlatform, now: number): Shown {
  const judgement = judged(posted, from, platform, now);
  const name = labelsOf(posted)['alertname'];
  const alert = name === undefined ? undefined : cut(name, longest);
  if ('because' in judgement) {
    const { because, by, unread } = judgement;
    const result = unread === undefined ? 'ignored' : 'quarantined';
    return { alert, result, runbook: unread, rule: by, reason: cut(`${because}; the first level would be told`, longest) };
  }
  if ('alert' in judgement) {
    const { runbook, by, alert: read } = judgement;
    const result = read.status === 'firing' ? wouldOpen : wouldResolve;
    return { alert, status: read.status, result, runbook: runbook.slug, rule: by, reason: reasons[by] };
  }
  const { result, runbook, rule, reason } = judgement;
  return { alert, result, runbook, rule, reason: cut(reason, longest) };
}

const reasons = {
  'label runbook': 'its label runbook names it',
  'alert name': 'the catalog lists its name',
} as const;

export const lineOf = ({ alert = 'an alert that cannot be read', status, result, runbook, reason }: Shown) =>
  `${bold(plain(alert))}${line`${status ? ` (${status})` : ''}: ${result}${runbook ? ` ${runbook}` : ''}: ${reason}`}`;

export const routeCommand: Register = (program, desk) =>
  program
    .command('route')
    .description('show which runbook each alert of a body would open, by which rule, or why none; does nothing')
    .requiredOption('--file <payload>', 'a body as a monitor posts it')
    .addOption(output())
    .addHelpText('after', examples)
    .action(({ file, output: format }: { file: string; output: Format }) => {
      const body = anyForm(jsonOf(file));
      if ('faults' in body) throw new Usage(line`${file} is no body of Alertmanager, Grafana or POST /alerts: ${body.faults}`);
      const platform = desk.platform();
      const alerts = body.alerts.map(posted => shownOf(posted, body.from, platform, desk.now()));
      const { truncatedAlerts } = body;
      const left = truncatedAlerts === undefined ? [] : [`${truncatedAlerts} alerts were left out by the sender.`];
      desk.show(format, outputs.route, { alerts, truncatedAlerts }, () => [...alerts.map(lineOf), ...left]);
    });

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Usage(line`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
