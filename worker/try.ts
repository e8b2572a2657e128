/**
 * `runbooks try` gives it the alerts of an incident on each line of its standard input, and it prints, as a line of JSON each, what an
 * observing worker would find and plan: `node worker/try.ts [--platform FILE] [--context C] [--prometheus URL] [--loki URL]`.
 */

import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { proxiesIn } from '../activities/connectors/proxy.ts';
import { nightsFrom } from '../activities/nights.ts';
import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import { type Platform, readPlatform } from '../activities/platform.ts';
import { isWritten, route, workflowIdOf, type Written } from '../workflows/catalog/index.ts';
import type { Alert, Report, StepReport } from '../workflows/contract/index.ts';
import { workflowBundle } from './bundle.ts';
import { rehearse, type Rehearsal, Sandbox } from './rehearsal/rehearse.ts';
import { observedWorld, observingActivities, unwatched } from './trying/observing.ts';

const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: process.env['RUNBOOKS_PLATFORM'] ?? 'platform.json' },
    context: { type: 'string' },
    prometheus: { type: 'string' },
    loki: { type: 'string' },
  },
});

/** Virtual milliseconds in which Immediate Response and Investigation end. */
const atMost = 40 * 60_000;
const nightsKnown = 1;

const isAlert = (value: unknown) => typeof value === 'object' && value !== null && 'labels' in value;
const alertsIn = z.tuple([z.custom<Alert>(isAlert)], z.custom<Alert>(isAlert));

async function main() {
  const own = process.env['RUNBOOKS_FOLDER'] || undefined;
  if (own) joinCatalog(own);
  const platform = await readPlatform(values.platform);
  const lines = (await text(process.stdin)).split('\n').filter(Boolean);
  const sandbox = await Sandbox.load((await workflowBundle(own)).code, []);
  for (const line of lines) {
    const alerts = alertsIn.parse(JSON.parse(line));
    print(await tried(sandbox, platform, alerts), alerts[0]);
  }
}

/** One incident, until people are asked: each check is really made, and each change only planned. */
function tried(sandbox: Sandbox, platform: Platform, alerts: [Alert, ...Alert[]]): Promise<Rehearsal> {
  const [alert] = alerts;
  const runbook = runbookOf(alert);
  const { context, prometheus, loki } = values;
  const proxies = proxiesIn(process.env);
  const kubeconfig = process.env['KUBECONFIG'];
  const seen = { proxies, prometheus, loki, ...(kubeconfig && { kubeconfig }), ...(context && { context }) };
  const at = Date.now();
  const name = `${runbook.slug}-try`;
  const { quietMinutes } = platform.times;
  const times = { pace: 1, quietMinutes, nights: nightsFrom(platform.timeZone, new Date(at), nightsKnown) };
  return rehearse(sandbox, {
    init: {
      type: runbook.workflow,
      workflowId: workflowIdOf(runbook, platform.cluster),
      runId: name,
      args: [{ version: 1, name, alert, platform: times }],
      at,
    },
    world: observedWorld(observingActivities(platform, seen, runbook.workflow)),
    messages: alerts.map((one, index) => ({ after: index * 1000, signal: 'alert', args: [one] })),
    atMost,
    until: isInvestigated,
  });
}

const isInvestigated = ({ questions, phases }: Report) =>
  questions.some(({ title }) => title === 'What is the cause?') || phases.some(({ title }) => title === 'Recovery');

function runbookOf({ labels }: Alert): Written {
  const routed = route(labels);
  if ('runbook' in routed && isWritten(routed.runbook)) return routed.runbook;
  throw new Error(`${labels['alertname']} opens no runbook.`);
}

function print({ report: { runbook, steps, questions } }: Rehearsal, alert: Alert) {
  const tried = {
    runbook,
    alert: alert.name,
    findings: steps.filter(isFinding).map(({ title, state, evidence }) => ({ title, state, evidence })),
    plans: steps.filter(isPlan).map(({ title, because, changes }) => ({ title, text: because, changes })),
    questions: questions.map(({ title, owner, choices, suggest, because }) => ({ title, owner, choices, suggest, because })),
  };
  process.stdout.write(`${JSON.stringify(tried)}\n`);
}

const isFinding = ({ state, evidence }: StepReport) =>
  ['healthy', 'faulty', 'unknown'].includes(state) && !evidence.includes(unwatched);
const isPlan = ({ state, changes }: StepReport) => state === 'would have' && changes.length > 0;

try {
  await main();
  process.exit(0);
} catch (error) {
  if (!(error instanceof OwnRunbookError || error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
