import type { Report } from '../../contract/index.ts';

/** As many follow-ups are told in sentences; more are a table. */
const mostInSentences = 5;

/** The rest that an operation leaves to people, a line each: its follow-ups, and its changes that stand. */
export function handedOver({ followUps, standing = [] }: Pick<Report, 'followUps' | 'standing'>): string[] {
  const lines = followUps.length > mostInSentences ? table(followUps) : followUps.map(sentence);
  return [...lines, ...standing.map(change => `Still standing: ${change}`)];
}

const sentence = ({ title, owner, confirm }: Report['followUps'][number]) => `For ${owner}: ${title}: ${confirm}`;

const table = (followUps: Report['followUps']) => [
  'owner | follow-up | why',
  ...followUps.map(({ title, owner, confirm }) => `${owner} | ${title} | ${confirm}`),
];
