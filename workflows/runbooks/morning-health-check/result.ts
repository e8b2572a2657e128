/** The result of the checklist, in words that people use. */

import type { Finding } from '../../contract/index.ts';
import type { Findings } from './follow-ups.ts';

/** Every check, as people call what it asks about. */
const words: [keyof Findings, string][] = [
  ['nodes', 'nodes'],
  ['pods', 'pods of every namespace'],
  ['usage', 'usage of nodes'],
  ['ours', 'pods of the platform'],
  ['services', 'Services'],
  ['ingress', 'Ingress'],
  ['scaling', 'autoscalers'],
  ['api', 'rollout of the API'],
  ['worker', 'rollout of the worker'],
  ['monitoring', 'pods of monitoring'],
  ['prometheus', 'Prometheus'],
  ['grafana', 'Grafana'],
  ['health', 'health of the API'],
  ['solvers', 'quantum solvers'],
];

/** In a sentence: how many checks were healthy, and which could not be made. */
export function resultOf(found: Findings): string {
  const named = (verdict: Finding['verdict']) =>
    words.filter(([name]) => found[name].verdict === verdict).map(([, word]) => word);
  const unknown = named('unknown');
  const healthy = `${named('healthy').length} of ${words.length} checks are healthy, ${named('faulty').length} faulty`;
  return unknown.length > 0 ? `${healthy}. Not known: ${unknown.join(', ')}.` : `${healthy}.`;
}
