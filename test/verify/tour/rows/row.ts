/** A written runbook on real servers: brought about, answered, and run to its end. */

import { z } from 'zod';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { settledStep, type Following } from '../../../../lab/guide/following.ts';
import { merge } from '../../../../lab/scenarios/ground.ts';
import type { Report } from '../../../../workflows/contract/index.ts';
import type { Answers } from '../../../support/ann-answers.ts';
import type { Tour } from '../../../support/touring.ts';

export interface Row {
  runbook: string;
  /** To its end; whatever else must be so is asserted there. */
  run: (tour: Tour) => Promise<Following>;
  /** Whether its symptom is gone, as another client measures it. */
  isOver: (tour: Tour) => Promise<boolean>;
}

export const asks = (title: string) => (report: Report) => report.questions.some(question => question.title === title);
export const isSettled = (title: string) => (report: Report) => settledStep(report, title) !== undefined;
export const isClosed = ({ state }: Report) => state === 'closed';

/** One of the written causes, and what happens before people name it and after. */
export interface Round {
  cause: string;
  before?: () => Promise<unknown>;
  after?: () => Promise<unknown>;
  /** To what is asked until the next cause, besides. */
  answers?: Answers;
}

const theCause = 'What is the cause?';
const isAskedAgain = (times: number) => (report: Report) =>
  report.questions.filter(({ title, withdrawn }) => title === theCause && withdrawn === undefined).length >= times;

/**
 * People name one cause after the other: what is measured after each but the last is that it did not help.
 * @returns answers for the rest of the incident: the last cause again, where its first round was measured too early
 */
export async function searched(
  tour: Tour,
  incident: Following,
  rounds: readonly Round[],
  answers: Answers = {},
): Promise<Answers> {
  for (const [index, { cause, before, after }] of rounds.entries()) {
    await tour.answering(incident, isAskedAgain(index + 1), { ...answers, ...rounds[index - 1]?.answers });
    await before?.();
    const { id } = await incident.asked(theCause);
    await incident.decide(id, cause, 'ann');
    await after?.();
  }
  return { ...answers, [theCause]: rounds.at(-1)?.cause ?? '' };
}

const namespace = 'nqba-platform';

/** Stored under this name in the namespace of the platform, as a specialist does it; what was there is written over. */
export async function storeSecret({ platform }: Tour, name: string, data: Record<string, string>): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(platform.practice.cluster.kubeconfigs.you);
  const api = config.makeApiClient(CoreV1Api);
  const { items } = await api.listNamespacedSecret({ namespace });
  const body = { metadata: { name }, stringData: data };
  if (items.some(({ metadata }) => metadata?.name === name)) await api.patchNamespacedSecret({ name, namespace, body }, merge);
  else await api.createNamespacedSecret({ namespace, body });
}

/** The question is answered with a Secret's name. */
export async function answerWithSecret({ platform }: Tour, incident: Following, title: string, secret: string): Promise<void> {
  const { id } = await incident.asked(title);
  const says = { question: id, choice: 'secret name', text: secret, by: 'quinn' };
  await platform.temporal.tell(await incident.incident(), 'decide', says);
}

const Page = z.looseObject({ lines: z.array(z.looseObject({ address: z.string(), account: z.string().nullable() })) });

/** Calls that came to the API in the last milliseconds, by the access log as another operator of the platform reads it. */
export async function callsWithin({ platform: { environment } }: Tour, ms: number): Promise<z.output<typeof Page>['lines']> {
  const headers = { authorization: `Bearer ${environment.NQBA_API_TOKEN}` };
  const since = new Date(Date.now() - ms).toISOString();
  const answer = await fetch(`${environment.NQBA_API_URL}/v1/access-log?since=${since}&limit=5000`, { headers });
  return Page.parse(await answer.json()).lines;
}
