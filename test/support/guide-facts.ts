/** The world at the end of an incident on a practice platform: as the API server, the stand-ins and their records have it. */

import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Facts, Said } from './claims.ts';
import type { Platform } from './practice.ts';

const namespace = 'nqba-platform';
const carries = 'nqba-runbooks/holder.';
const systems = z.looseObject({ dynex: z.looseObject({ state: z.string() }) });
const components = z.array(z.looseObject({ name: z.string(), status: z.string() }));
const incidents = z.array(z.looseObject({ name: z.string() }));

export async function factsOf(platform: Platform, since: Date): Promise<Facts> {
  const { STANDINS_CONTROL, STATUSPAGE_API_URL, STATUSPAGE_PAGE_ID } = platform.environment;
  const page = `${STATUSPAGE_API_URL}/pages/${STATUSPAGE_PAGE_ID}`;
  const { standing, backend } = await inCluster(platform);
  const { dynex } = await read(`${STANDINS_CONTROL}/systems`, systems);
  const open = await read(`${page}/incidents/unresolved`, incidents);
  const shown = await read(`${page}/components`, components);
  return {
    standing: standing.map(object => ({ object, mayStay: false })),
    isFallbackOurs: standing.some(object => object.startsWith('ConfigMap ')),
    isRouted: backend === 'classical' && standing.some(object => object.startsWith('ConfigMap ')),
    isMitigated: standing.length > 0,
    isSymptomGone: dynex.state === 'healthy',
    isNoticeOpen: open.length > 0,
    isOperational: shown.every(({ status }) => status === 'operational'),
    hasChanged: (await platform.writes(since)).length > 0,
    isClosed: true,
  };
}

/** Names of objects that carry a record of ours, and the solver that the setting names. */
async function inCluster({ practice }: Platform) {
  const config = new KubeConfig();
  config.loadFromFile(practice.cluster.kubeconfigs.you);
  const [{ items: maps }, { items: workloads }] = await Promise.all([
    config.makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace }),
    config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace }),
  ]);
  const named = (kind: string) => (one: { metadata?: { name?: string; annotations?: Record<string, string> } }) => ({
    object: `${kind} ${namespace}/${one.metadata?.name}`,
    annotations: Object.keys(one.metadata?.annotations ?? {}),
  });
  const standing = [...maps.map(named('ConfigMap')), ...workloads.map(named('Deployment'))]
    .filter(({ annotations }) => annotations.some(name => name.startsWith(carries)))
    .map(({ object }) => object);
  return { standing, backend: maps.find(({ metadata }) => metadata?.name === 'nqba-config')?.data?.['QUANTUM_BACKEND'] };
}

/** Last words in each place. Nothing here undoes anything: what stands is to be found. */
export async function saidAbout(platform: Platform, incident: string, since: Date): Promise<Said> {
  const messages = platform.messages(since);
  const lastOf = (system: string, is: (text: string) => boolean) =>
    messages.findLast(one => one.system === system && is(one.text))?.text;
  const shown = await platform.cli('show', incident);
  const report = JSON.parse((await platform.cli('report', incident, '-o', 'json')).stdout);
  return {
    outcome: report.outcome,
    state: report.state,
    record: (report.standing ?? []).join('\n'),
    public: lastOf('statuspage', text => / \(\w+\)\. /.test(text))?.replace(/^.*?\(\w+\)\. [^.]*\. /, ''),
    slack: lastOf('slack', text => !text.includes('Asked: ')),
    show: /^ *Customer impact: *(.*)$/m.exec(shown.stdout)?.[1],
  };
}

async function read<T>(address: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(address, { headers: { authorization: 'OAuth practice' } });
  return schema.parse(await answer.json());
}
