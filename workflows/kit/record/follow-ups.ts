import type { FollowUp, Report } from '../../contract/index.ts';
import { longestLine, longestText, mostFollowUps } from './bounds.ts';
import type { State } from './state.ts';
import { cut } from './text.ts';

/** As many follow-ups are told in sentences; more are a table. */
const mostInSentences = 5;

/** The rest that an operation leaves to people, a line each: its follow-ups, and its changes that stand. */
export function handedOver({ followUps, standing = [] }: Pick<Report, 'followUps' | 'standing'>): string[] {
  const left = followUps.filter(({ over }) => !over);
  const lines = left.length > mostInSentences ? table(left) : left.map(sentence);
  return [...lines, ...standing.map(change => `Still standing: ${change}`)];
}

const sentence = ({ title, owner, confirm }: FollowUp) => `For ${owner}: ${title}: ${confirm}`;

const table = (followUps: FollowUp[]) => [
  'owner | follow-up | why',
  ...followUps.map(({ title, owner, confirm }) => `${owner} | ${title} | ${confirm}`),
];

export const withFollowUp = (state: State, followUp: FollowUp): State => ({
  ...state,
  followUps: [...state.followUps, { ...followUp, confirm: cut(followUp.confirm, longestText) }].slice(0, mostFollowUps),
});

/** @param number from 1, in the order in which they were recorded */
export function withTicket(state: State, number: number, { href, text }: NonNullable<FollowUp['ticket']>): State {
  const found = state.followUps[number - 1];
  if (!found) return state;
  const ticket = { href: cut(href, longestLine), text: cut(text, longestLine) };
  return { ...state, followUps: state.followUps.with(number - 1, { ...found, ticket }) };
}
