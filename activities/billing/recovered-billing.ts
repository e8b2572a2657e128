/** Are charges right again? No wrong one of the last day, a dry run that agrees, payments that go through, and the expected revenue. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { valueOf } from '../observe/metric.ts';
import { billingOf } from '../platform.ts';
import { promql } from '../queries.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { auditCharges } from './audit-charges.ts';
import type { ChargesFacts } from './facts.ts';
import { probePayments } from './probe-payments.ts';
import { percent } from './sources.ts';

/** Stricter than the alert, which fires at a fifth; with `symptom` it is that alone. */
const variance = { recovered: 0.05, symptom: 0.2 };

/** With `symptom` charging may still be paused by us, and few charges are none too few. */
export async function billingRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding<ChargesFacts>> {
  const [audit, payments, revenue] = await Promise.all([
    answered(() => auditCharges(deps, { since: '24 hours', dryRun: symptom ? undefined : true })),
    answered(() => probePayments(deps, {})),
    part(() => revenueOf(deps, symptom ? variance.symptom : variance.recovered)),
  ]);
  const parts: Part[] = [audit, payments, revenue, ...(symptom ? [] : tooFew(deps, audit))];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: audit.facts };
}

function tooFew({ platform }: Deps, { verdict, facts }: Finding<ChargesFacts>): Part[] {
  const wanted = billingOf(platform).recovery.charges;
  const charges = facts?.charges ?? 0;
  if (verdict !== 'healthy' || charges >= wanted) return [];
  return [
    {
      verdict: 'unknown',
      evidence: `${charges} charges of the last day are too few to judge by, at least ${wanted} are wanted.`,
    },
  ];
}

async function revenueOf({ systems: { prometheus }, platform }: Deps, below: number): Promise<Finding> {
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const off = await valueOf(prometheus, promql(platform.queries, 'revenue variance'));
  if (off === undefined) throw new SystemError({ system: 'Prometheus', fault: 'not connected', text: 'has no expected revenue' });
  const text = `The revenue of the day is ${percent(off)} off what is expected`;
  return off < below
    ? { verdict: 'healthy', evidence: `${text}.` }
    : { verdict: 'faulty', evidence: `${text}, ${percent(below)} or more.` };
}
