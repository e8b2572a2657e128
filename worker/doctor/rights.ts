/** The permissions of the worker, as the API server itself judges them. The question changes nothing. */

import { z } from 'zod';
import { parsed } from '../../activities/connectors/http.ts';
import { fileOf } from '../../activities/own-runbooks/described.ts';
import { type Named, namesOf } from '../../activities/own-runbooks/names-of.ts';
import type { Platform } from '../../activities/platform.ts';
import { isAction, isPublic } from '../../workflows/catalog/activities.ts';
import { isWritten, notAvailable, runbooks } from '../../workflows/catalog/index.ts';
import { fault, fine, type Line } from './line.ts';
import { type Right, rightsNeeded } from './rights-needed.ts';
import type { Sight } from './sight.ts';

const check = 'Rights';

type Asking = Pick<Sight, 'platform' | 'askCluster' | 'user'>;

/** @param own folder with runbooks of one's own */
export async function rightsLines(sight: Asking, own?: string): Promise<Line[]> {
  const rights = rightsNeeded(sight.platform);
  const allowed = await Promise.all(rights.map(right => isAllowed(sight, right)));
  const missing = rights.filter((_, index) => !allowed[index]);
  const who = sight.user ?? 'this account';
  if (allowed.includes('nobody says'))
    return [
      fault(check, `you may not ask what ${who} may do.`, 'Run this with the KUBECONFIG of the worker, and without WORKER_USER.'),
    ];
  if (missing.length === 0) return [fine(check, `${who} may do all ${rights.length} things that incidents need.`)];
  const activities = activitiesByRunbook(sight.platform, own);
  return missing.map(right =>
    fault(
      check,
      `${who} may not ${textOf(right)}. ${neededBy(right, activities)}`,
      'Grant it: runbooks rights prints all of them.',
    ),
  );
}

/** By the title of each runbook that this platform has; every branch counts. */
const activitiesByRunbook = (platform: Platform, own: string | undefined) =>
  new Map(
    runbooks
      .filter(runbook => isWritten(runbook) && notAvailable(runbook, platform) === undefined)
      .map(({ slug, title }) => [title, new Set(namesOf(fileOf(slug, own)).flatMap(activityOf))]),
  );

const activityOf = ({ kind, name }: Named) => (kind === 'activity' ? [name.slice(name.indexOf('.') + 1)] : []);

function neededBy({ usedBy }: Right, activities: Map<string, Set<string>>): string {
  const isUser = (name: string) =>
    usedBy === 'all changes' ? isAction(name) || isPublic(name) : usedBy.some(one => one === name);
  const titles = [...activities].filter(([, names]) => [...names].some(isUser)).map(([title]) => title);
  if (titles.length > 0) return `Needed by ${titles.join(', ')}.`;
  return `No runbook here needs it yet; steps of your own may: ${usedBy === 'all changes' ? usedBy : usedBy.join(', ')}.`;
}

const textOf = ({ verb, group, resource, subresource, namespace, name }: Right) => {
  const part = subresource === undefined ? '' : `/${subresource}`;
  const what = `${resource}${part}${group ? `.${group}` : ''}${name ? `/${name}` : ''} in ${namespace || 'the cluster'}`;
  if (verb === 'create' && resource === 'pods' && subresource === undefined)
    return `create ${what}, which asks for dry runs only`;
  return `${verb} ${what}`;
};

const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** One's own rights anyone may ask for; another's only who may read them. */
async function isAllowed(
  { askCluster, user }: Asking,
  { group = '', usedBy: _, ...right }: Right,
): Promise<boolean | 'nobody says'> {
  const kind = user ? 'SubjectAccessReview' : 'SelfSubjectAccessReview';
  const api = 'authorization.k8s.io/v1';
  const spec = { ...(user && { user, groups: groupsOf(user) }), resourceAttributes: { group, ...right } };
  const answer = await askCluster(`/apis/${api}/${kind.toLowerCase()}s`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: api, kind, spec }),
  });
  if (answer.status === 403) return 'nobody says';
  return parsed('Kubernetes', review, answer).status.allowed;
}

function groupsOf(user: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  const accounts = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  return ['system:authenticated', ...accounts];
}
