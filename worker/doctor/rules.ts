/** The alert rules that are shipped: whether Prometheus has the series that each rests on. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Prometheus } from '../../activities/connectors/prometheus.ts';
import type { Platform } from '../../activities/platform.ts';
import { notAvailable, runbooks } from '../../workflows/catalog/index.ts';
import { type Arms, armsOf } from './arms.ts';
import { ageOf } from './freshness.ts';
import { fine, type Line, lookedIfAnswered, warning } from './line.ts';
import type { Sight } from './sight.ts';

const check = 'Alert rules';
const shipped = new URL('../../deploy/prometheus/rules/nqba-runbooks.yaml', import.meta.url);

const rule = z.looseObject({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: z.string(),
  labels: z.looseObject({ runbook: z.string().optional() }).optional(),
});
const document = z.looseObject({ groups: z.array(z.looseObject({ rules: z.array(rule) })) });

export interface RuleSeries {
  alert: string;
  runbook: string | undefined;
  /** It can fire where every series of one of them is there. */
  arms: Arms;
}

/** Each alert rule with the series that it reads, through the recorded ratios. */
export function shippedRules(): RuleSeries[] {
  const rules = document.parse(parse(readFileSync(shipped, 'utf8'))).groups.flatMap(group => group.rules);
  const recorded = new Map(rules.flatMap(({ record, expr }) => (record ? [[record, expr] as const] : [])));
  return rules.flatMap(({ alert, expr, labels }) =>
    alert === undefined ? [] : [{ alert, runbook: labels?.runbook, arms: seriesIn(expr, recorded) }],
  );
}

/** Prometheus makes it itself, as long as an alert fires. */
const ofAlerts = 'ALERTS';

function seriesIn(expr: string, recorded: ReadonlyMap<string, string>): Arms {
  return armsOf(expr, selector => {
    const metric = /^[\w:]+/.exec(selector)?.[0] ?? '';
    const behind = recorded.get(metric);
    if (behind !== undefined) return seriesIn(behind, recorded);
    return metric === ofAlerts ? [[]] : [[metric + targetOf(selector)]];
  });
}

/** Only `job` and `ingress` say of what a series is. The other labels say what happened: without a failure there is no series of failures. */
function targetOf(selector: string): string {
  const [target] = /\b(?:job|ingress)="[^"]*"/.exec(selector) ?? [];
  return target === undefined ? '' : `{${target}}`;
}

/** Of those whose runbook runs on this platform. */
export const ruleLines = ({ systems: { prometheus }, platform }: Pick<Sight, 'systems' | 'platform'>): Promise<Line[]> =>
  prometheus ? lookedIfAnswered(check, () => linesOf(prometheus, platform)) : Promise.resolve([]);

async function linesOf(prometheus: Prometheus, platform: Platform): Promise<Line[]> {
  const rules = shippedRules().filter(({ runbook }) => isOfPlatform(runbook, platform));
  const all = [...new Set(rules.flatMap(({ arms }) => arms.flat()))];
  const there = await Promise.all(all.map(series => exists(prometheus, series)));
  const absent = all.filter((_, index) => !there[index]);
  const [whole = [], short = []] = [true, false].map(is =>
    rules.filter(({ arms }) => arms.some(arm => !arm.some(one => absent.includes(one))) === is),
  );
  const lacking = absent.flatMap(series => {
    const alerts = short.filter(({ arms }) => arms.flat().includes(series)).map(({ alert }) => alert);
    return alerts.length === 0 ? [] : [{ series, alerts: alerts.join(', ') }];
  });
  return [
    ...(whole.length > 0
      ? [fine(check, `${whole.length} of ${rules.length} that are shipped have every series that they need to fire.`)]
      : []),
    ...[...Map.groupBy(lacking, ({ alerts }) => alerts)].map(([alerts, those]) =>
      warning(check, `${alerts}: no samples of ${those.map(({ series }) => series).join(', ')}. ${advice(those)}`),
    ),
  ];
}

/** A counter has a series once its labels have their first event: without a failure there may be none. */
const advice = (those: { series: string }[]) =>
  those.some(({ series }) => /_total\b/.test(series))
    ? 'Emit and scrape them, or this cannot fire. A counter that has not counted yet may have none.'
    : 'Emit and scrape them, or this cannot fire.';

function isOfPlatform(slug: string | undefined, platform: Platform): boolean {
  const runbook = runbooks.find(one => one.slug === slug);
  return runbook === undefined || notAvailable(runbook, platform) === undefined;
}

const exists = async (prometheus: Prometheus, series: string) => (await prometheus.query(ageOf(series))).length > 0;
