/** Findings around an alert without a runbook: read once, after its page, and told in a message of its own. */

import type { PodsFacts } from '../../../activities/index.ts';
import type { Call, Finding } from '../../contract/index.ts';
import type { Noticed } from '../record/notices.ts';
import { failureOf } from '../words/acting.ts';
import { runAction, runOneLook } from '../words/activities.ts';

/** Never throws: the page is out. @returns what was told, and why it could not be where it was not */
export async function tellAround({ name, namespace, subject, startsAt }: Noticed, { key, about }: Call): Promise<string> {
  const pods = await look('Pods', 'pods', { around: { namespace, subject } });
  const { owner } = (pods.facts ?? {}) as Partial<PodsFacts>;
  const changes = owner && (await look('Changes', 'rollouts', { workloads: [owner], before: startsAt }));
  const findings = [pods, ...(changes ? [changes] : [])];
  const known = findings.filter(({ verdict }) => verdict !== 'unknown').map(({ evidence }) => evidence);
  const unknown = findings.filter(({ verdict }) => verdict === 'unknown').map(({ evidence }) => evidence);
  const text = [`Around ${name}:`, ...known, ...(unknown.length > 0 ? ['Unknown:', ...unknown] : [])].join(' ');
  const call = { key: `${key}/around`, about };
  const failure = await runAction('Findings', 'remark', { text }, call).then(() => undefined, failureOf);
  return failure ? `${text} (${failure.message})` : text;
}

const look = (title: string, type: string, input: object): Promise<Finding> =>
  runOneLook(title, type, input).catch((error: unknown): Finding => ({ verdict: 'unknown', evidence: failureOf(error).message }));
