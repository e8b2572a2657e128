/** A maintenance window on a practice platform, as its people and other clients see it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, AutoscalingV2Api, BatchV1Api, KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { settledStep } from '../../lab/guide/following.ts';
import type { Report } from '../../workflows/contract/index.ts';
import type { Platform } from './practice.ts';

export const work = 'Maintenance window: the planned work';
/** Customers have the mail before people say that the notice is out: the checks begin with that. */
export const untilMailed = { 'Is anything planned?': 'yes', 'Notify stakeholders': '' };
/** One customer of the practice platform has no mailbox, so that a no-go is proposed: people know better. */
export const sentAndGo = { 'Notify stakeholders': 'sent', 'Go or no-go?': 'go' };
export const mailIsOut = (report: Report) => settledStep(report, 'Notify stakeholders: mail') !== undefined;
const namespace = 'nqba-platform';

function configOf({ practice }: Platform): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(practice.cluster.kubeconfigs.you);
  return config;
}

/** The backup of last night, which a Job has made. */
export async function backUp(platform: Platform): Promise<void> {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'dump', image: 'nqba/backup:1.0.0' }] } };
  const body = { metadata: { name: 'backup-database' }, spec: { template } };
  await configOf(platform).makeApiClient(BatchV1Api).createNamespacedJob({ namespace, body });
}

const archive = z.looseObject({
  items: z.array(z.looseObject({ kind: z.string(), metadata: z.looseObject({ namespace: z.string(), name: z.string() }) })),
});

/** The archive that the window names lies in the artifact store, and has what the API server lists now. */
export async function manifestsAreSaved(platform: Platform, { steps }: Report): Promise<void> {
  const { evidence = '' } = steps.find(({ title }) => title === 'Prepare rollback plan') ?? {};
  const [body = assert.fail(`no archive is named: ${evidence}`)] = /bodies\/\w\w\/\w+/.exec(evidence) ?? [];
  const kept = archive.parse(JSON.parse(readFileSync(join(platform.environment.ARTIFACTS ?? '', body), 'utf8')));
  const inNamespace = kept.items.filter(({ metadata }) => metadata.namespace === namespace);
  const config = configOf(platform);
  const lists = {
    Deployment: config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace }),
    HorizontalPodAutoscaler: config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace }),
  };
  const there = Object.entries(lists).map(async ([kind, list]) =>
    (await list).items.map(({ metadata }) => `${kind} ${metadata?.name}`),
  );
  assert.deepEqual(
    inNamespace.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
    (await Promise.all(there)).flat().toSorted(),
  );
}

const silence = z.looseObject({
  createdBy: z.string(),
  endsAt: z.string(),
  matchers: z.array(z.looseObject({ name: z.string(), value: z.string() })),
  status: z.looseObject({ state: z.string() }),
});

/** Those of Alertmanager that silence something now, by its own list. */
export async function activeSilences({ environment }: Platform): Promise<z.output<typeof silence>[]> {
  const answer = await fetch(`${environment.ALERTMANAGER_URL}/api/v2/silences`);
  const all = z.array(silence).parse(await answer.json());
  return all.filter(({ status }) => status.state === 'active');
}

const published = z.looseObject({ id: z.string(), status: z.string() });

/** A person publishes what the question has to paste; Statuspage answers with the entry. */
export async function publishNotice(platform: Platform, because: string): Promise<z.output<typeof published>> {
  const pasted = /Ready to paste: (?<name>.+?), from (?<scheduled_for>\S+Z) to (?<scheduled_until>\S+Z): (?<body>.+)$/.exec(
    because,
  );
  return asPerson(platform, 'POST', '', { ...(pasted?.groups ?? assert.fail(because)) });
}

export const completeNotice = (platform: Platform, id: string) => asPerson(platform, 'PATCH', `/${id}`, { status: 'completed' });

async function asPerson({ environment }: Platform, method: 'POST' | 'PATCH', path: string, incident: object) {
  const { STATUSPAGE_API_URL, STATUSPAGE_PAGE_ID } = environment;
  const headers = { authorization: 'OAuth ann', 'content-type': 'application/json' };
  const address = `${STATUSPAGE_API_URL}/pages/${STATUSPAGE_PAGE_ID}/incidents${path}`;
  const answer = await fetch(address, { method, headers, body: JSON.stringify({ incident }) });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return published.parse(JSON.parse(text));
}
