/** Limits in force at each layer against the reviewed ones. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { evidenceOf, part, together } from '../together.ts';
import type { LimitsFacts } from './facts.ts';
import { apiLimits, settingsOfLimits } from './limits-app.ts';
import { edgeLimits } from './limits-edge.ts';
import { factsTogether } from './limits-judged.ts';
import { belowUsual, tierTables } from './limits-tiers.ts';
import { probeTiers } from './probe-tiers.ts';

type Layer = 'edge' | 'app' | 'tiers';

export interface LimitsInput {
  /** All of them unless told. */
  layer?: Layer;
  /** Synthetic customers try their limits, one of each tier. */
  probe?: boolean;
}

const layers: Record<Layer, ((deps: Deps) => Promise<Finding<LimitsFacts>>)[]> = {
  edge: [edgeLimits],
  app: [apiLimits, settingsOfLimits],
  tiers: [tierTables, belowUsual],
};

/** Faulty ones first: evidence is cut where it is long. */
export async function checkLimits(deps: Deps, { layer, probe = false }: LimitsInput): Promise<Finding<LimitsFacts>> {
  const wanted = layer ? layers[layer] : [...layers.app, ...layers.tiers, ...layers.edge];
  const asked = [...wanted, ...(probe ? [probeTiers] : [])];
  const parts = await Promise.all(asked.map(check => part(() => check(deps))));
  const told = parts.toSorted((a, b) => rank(a) - rank(b));
  const isCut = parts.some(one => 'leftOut' in one) && together(parts) === 'healthy';
  return {
    verdict: isCut ? 'unknown' : together(parts),
    evidence: evidenceOf(told),
    facts: factsTogether(parts.flatMap(one => ('leftOut' in one || !one.facts ? [] : [one.facts]))),
  };
}

const order = ['faulty', 'unknown', 'healthy'];
const rank = (one: Awaited<ReturnType<typeof part>>) => ('leftOut' in one ? 3 : order.indexOf(one.verdict));
