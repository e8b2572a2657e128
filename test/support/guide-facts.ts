/** The world at the end of an incident on a practice platform: as the API server, the stand-ins and their records have it. */

import { AppsV1Api, AutoscalingV2Api, BatchV1Api, CoreV1Api, KubeConfig, NetworkingV1Api } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Facts, Said } from './claims.ts';
import type { Platform } from './practice.ts';

const namespace = 'nqba-platform';
const settings = `ConfigMap ${namespace}/nqba-config`;
const carries = 'nqba-runbooks/holder.';
const systems = z.looseObject({ dynex: z.looseObject({ state: z.string() }) });
const components = z.array(z.looseObject({ name: z.string(), status: z.string() }));
const incidents = z.array(z.looseObject({ name: z.string() }));

/** @param before records of former incidents, which are not this one's */
export async function factsOf(platform: Platform, since: Date, before: readonly Held[] = []): Promise<Facts> {
  const { STANDINS_CONTROL, STATUSPAGE_API_URL, STATUSPAGE_PAGE_ID } = platform.environment;
  const page = `${STATUSPAGE_API_URL}/pages/${STATUSPAGE_PAGE_ID}`;
  const former = new Set(before.map(({ record }) => record));
  const standing = (await held(platform)).filter(({ record }) => !former.has(record));
  const { dynex } = await read(`${STANDINS_CONTROL}/systems`, systems);
  const open = await read(`${page}/incidents/unresolved`, incidents);
  const shown = await read(`${page}/components`, components);
  const isFallbackOurs = standing.some(({ object }) => object === settings);
  return {
    standing: standing.map(({ object, action }) => ({ object, mayStay: lasting.includes(action ?? '') })),
    isFallbackOurs,
    isRouted: isFallbackOurs && (await backend(platform)) === 'classical',
    isMitigated: standing.length > 0,
    isSymptomGone: dynex.state === 'healthy',
    isNoticeOpen: open.length > 0,
    isOperational: shown.every(({ status }) => status === 'operational'),
    hasChanged: (await platform.writes(since)).length > 0,
    isClosed: true,
  };
}

/** The former key may be revoked, and the former revision is the one that failed: people keep what came instead. */
const lasting = ['useSecret', 'rollBack'];

/** A record of ours on an object. */
export interface Held {
  object: string;
  record: string;
  /** That lets it go. */
  action?: string | undefined;
}

export async function held({ practice }: Pick<Platform, 'practice'>): Promise<Held[]> {
  const config = configOf(practice);
  const of = { namespace };
  const lists = {
    ConfigMap: config.makeApiClient(CoreV1Api).listNamespacedConfigMap(of),
    Deployment: config.makeApiClient(AppsV1Api).listNamespacedDeployment(of),
    HorizontalPodAutoscaler: config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler(of),
    CronJob: config.makeApiClient(BatchV1Api).listNamespacedCronJob(of),
    Ingress: config.makeApiClient(NetworkingV1Api).listNamespacedIngress(of),
  };
  const found = Object.entries(lists).map(async ([kind, list]) =>
    (await list).items.flatMap(({ metadata }) =>
      Object.entries(metadata?.annotations ?? {})
        .filter(([name]) => name.startsWith(carries))
        .map(([record, text]) => ({
          object: `${kind} ${namespace}/${metadata?.name}`,
          record,
          ...written.parse(JSON.parse(text)),
        })),
    ),
  );
  return (await Promise.all(found)).flat();
}

const written = z.object({ action: z.string().optional() });

/** The solver that the setting names. */
async function backend({ practice }: Platform): Promise<string | undefined> {
  const { data } = await configOf(practice).makeApiClient(CoreV1Api).readNamespacedConfigMap({ namespace, name: 'nqba-config' });
  return data?.['QUANTUM_BACKEND'];
}

function configOf({ cluster }: Platform['practice']): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  return config;
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
    slack: lastOf('slack', text => text.includes(incident) && !text.includes('Asked: ')),
    show: /^ *Customer impact: *(.*)$/m.exec(shown.stdout)?.[1],
  };
}

async function read<T>(address: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(address, { headers: { authorization: 'OAuth practice' } });
  return schema.parse(await answer.json());
}
