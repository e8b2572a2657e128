/** Settings of logins: equal in all pods, equal to the reviewed ones, and the token of one pod accepted by every other. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { AuthSettings } from '../connectors/operator-api/sign-in.ts';
import type { Deps } from '../deps.ts';
import type { Access } from '../platform/access.ts';
import { evidenceOf, type Part, together } from '../together.ts';
import type { AccessSettingsFacts } from './facts.ts';
import { accessOf, type AnswerOfPod, loginPods, ofEach } from './pods.ts';
import { acrossPods } from './tokens.ts';

/** All of them unless told which. */
export interface AccessSettingsInput {
  what?: 'jwt' | 'passwords' | 'hosts';
}

/** @throws SystemError */
export async function checkSettings(deps: Deps, { what }: AccessSettingsInput): Promise<Finding<AccessSettingsFacts>> {
  const { reviewed, configuration = null } = accessOf(deps.platform);
  const pods = await loginPods(deps);
  const answers = await ofEach(pods, ({ api }) => api.signIn.settings());
  const { finding, differing, off } = judgeSettings(answers, reviewed, what);
  const tokens = what === undefined || what === 'jwt' ? await acrossPods(deps, pods) : undefined;
  const parts: Part[] = [finding, ...(tokens ? [tokens.part] : [])];
  const facts = { differing, off, refused: tokens?.refused, skew: tokens?.skew, configuration };
  return { verdict: together(parts), evidence: evidenceOf(parts), facts };
}

type Row = [name: string, group: NonNullable<AccessSettingsInput['what']>, value: (of: AuthSettings) => unknown, wanted: unknown];

function rows({ algorithm, accessMinutes, refreshDays, lockAfter, lockMinutes, passwords }: Access['reviewed']): Row[] {
  return [
    ['algorithm', 'jwt', of => of.algorithm, algorithm],
    ['access_minutes', 'jwt', of => of.access_minutes, accessMinutes],
    ['refresh_days', 'jwt', of => of.refresh_days, refreshDays],
    ['lock_after', 'passwords', of => of.lock_after, lockAfter],
    ['lock_minutes', 'passwords', of => of.lock_minutes, lockMinutes],
    ['password_length', 'passwords', of => of.password_length, passwords?.length],
    ['password_classes', 'passwords', of => of.password_classes, passwords?.classes],
    ['password_cost', 'passwords', of => of.password_cost, passwords?.cost],
  ];
}

interface Judged {
  finding: Finding;
  differing: string[];
  off: string[];
}

export function judgeSettings(
  answers: AnswerOfPod<AuthSettings>[],
  reviewed: Access['reviewed'],
  what: AccessSettingsInput['what'],
): Judged {
  const known = answers.flatMap(({ answer }) => (answer ? [answer] : []));
  const silent = answers.flatMap(({ pod, fault }) => (fault ? [`${pod} does not answer: ${fault.message}.`] : []));
  const asked = rows(reviewed).filter(([, group, , wanted]) => (what ?? group) === group && wanted !== undefined);
  const isIn = (group: NonNullable<typeof what>) => (what ?? group) === group;
  const differing = [
    ...asked.filter(([, , value]) => kinds(known, value) > 1).map(([name]) => name),
    ...(isIn('jwt') && kinds(known, of => of.key_fingerprint) > 1 ? ['key_fingerprint'] : []),
    ...(isIn('hosts') && kinds(known, hostsOf) > 1 ? ['allowed_hosts'] : []),
  ];
  const lacking = reviewed.hosts.filter(host => known.some(({ allowed_hosts: hosts }) => !isAllowed(host, hosts)));
  const off = [
    ...asked.filter(([, , value, wanted]) => known.some(of => isOther(value(of), wanted))).map(([name]) => name),
    ...(isIn('hosts') && lacking.length > 0 ? ['allowed_hosts'] : []),
  ];
  const untold = asked.filter(([, , value]) => known.every(of => value(of) === undefined)).map(([name]) => name);
  return { differing, off, finding: told({ known, silent, differing, off, untold }) };
}

const kinds = (all: AuthSettings[], value: (of: AuthSettings) => unknown) => new Set(all.map(value)).size;
const isOther = (value: unknown, wanted: unknown) => value !== undefined && value !== wanted;
const hostsOf = ({ allowed_hosts: hosts }: AuthSettings) => hosts.toSorted().join();

/** As FastAPI's TrustedHostMiddleware reads them: `*`, `*.example.org`. */
const isAllowed = (host: string, hosts: string[]) =>
  hosts.some(one => one === '*' || one === host || (one.startsWith('*.') && host.endsWith(one.slice(1))));

function told({
  known,
  silent,
  differing,
  off,
  untold,
}: Omit<Judged, 'finding'> & { known: AuthSettings[]; silent: string[]; untold: string[] }): Finding {
  const says = [
    differing.length > 0 && `Pods differ in ${differing.join(', ')}.`,
    off.length > 0 && `Not as reviewed: ${off.join(', ')}.`,
    differing.length + off.length === 0 && known.length > 0 && `Settings are equal in ${known.length} pods, and as reviewed.`,
    untold.length > 0 && `The platform does not say: ${untold.join(', ')}.`,
    known.length + silent.length === 0 && 'No pod that serves logins runs.',
    ...silent,
  ];
  const isKnown = known.length > 0 && silent.length === 0 && untold.length === 0;
  const verdict = differing.length + off.length > 0 ? 'faulty' : isKnown ? 'healthy' : 'unknown';
  return { verdict, evidence: says.filter(Boolean).join(' ') };
}
