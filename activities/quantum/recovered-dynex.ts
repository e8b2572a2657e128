/** Do customers have what they should: their jobs on Dynex, with success, and a setting that sends them there? */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import { type ConfigMap, configMaps } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { checkKey } from '../dynex-key.ts';
import type { RecoveredFacts } from '../facts.ts';
import { jobsWindow } from '../jobs.ts';
import { quantumConfigMap, quantumOf } from '../platform.ts';
import { jobsOrCanaries, unlessUnknown } from '../resuming.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { viewsOf } from '../viewpoints.ts';
import { judgeDirection } from './breaker/direction.ts';
import { lastChange } from './breaker/view.ts';
import { checkByCanaries } from './share-by-canaries.ts';
import { checkShare } from './share-of-jobs.ts';

/** Probes and key count where they are connected; where jobs are few, canaries and the setting decide. */
export async function dynexRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding<RecoveredFacts>> {
  const { successRate } = quantumOf(deps.platform);
  const setting = symptom ? undefined : await answered(() => checkSetting(deps));
  const share = setting?.facts?.share;
  const [jobs, started, key, { inside, outside }] = await Promise.all([
    answered(() => jobsOrCanaries(deps, 'dynex', { successRate, share })),
    symptom ? undefined : checkStarted(deps),
    part(() => checkKey(deps)),
    viewsOf(deps, 'dynex'),
  ]);
  const direction = setting && started ? [setting, ...started] : [];
  const parts: Part[] = [...direction, jobs, key, inside, outside];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: jobs.facts ?? {} };
}

/** That Dynex works says nothing of where the workloads send their jobs: too few that have started are made up for by canaries. */
async function checkStarted(deps: Deps): Promise<Part[]> {
  const started = await answered(() => checkShare(deps, 'dynex', 1));
  return started.verdict === 'unknown' ? [unlessUnknown(started), await checkByCanaries(deps, 'dynex')] : [started];
}

/** `share`: what the finished jobs must reach, once all that are counted began under the setting of today. */
async function checkSetting({ systems: { kubernetes }, platform, now }: Deps): Promise<Finding<{ share: number }>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const configMap: ConfigMap = await kubernetes.read(configMaps, quantumConfigMap(platform));
  const isSettled = now() - lastChange({ configMap }) > 2 * jobsWindow(platform);
  return { ...judgeDirection(configMap, platform), facts: isSettled ? { share: quantumOf(platform).recovery.share } : {} };
}
