/** Issues as GitHub keeps them, and what it accepts as a change. */

import { z } from 'zod';

const Label = z.object({ name: z.string() });
const User = z.object({ login: z.string() });

export const Issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullable(),
  labels: z.array(Label),
  user: User,
  closed_by: User.nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullable(),
  html_url: z.string(),
});
export type Issue = z.infer<typeof Issue>;

export const Kept = z.object({ issues: z.array(Issue) });
export type Kept = z.infer<typeof Kept>;

/** Characters. */
const longest = { title: 256, body: 65_536, label: 50 };

export const IssueChange = z.looseObject({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.string().optional(),
  state_reason: z.string().nullish(),
  labels: z.array(z.union([z.string(), Label])).optional(),
});
export type IssueChange = z.infer<typeof IssueChange>;

/** One entry of `errors` in GitHub's 422. */
export interface Complaint {
  resource: string;
  field: string;
  code: 'missing_field' | 'invalid' | 'custom';
  message?: string;
}

export function complaintsAbout({ title, body, state, labels = [] }: IssueChange, isNew: boolean): Complaint[] {
  const about = (field: string, code: Complaint['code'], message?: string): Complaint =>
    message === undefined ? { resource: 'Issue', field, code } : { resource: 'Issue', field, code, message };
  const tooLong = (field: 'title' | 'body') =>
    about(field, 'custom', `${field} is too long (maximum is ${longest[field]} characters)`);
  return [
    ...((isNew ? title === undefined : title === '') ? [about('title', 'missing_field')] : []),
    ...((title ?? '').length > longest.title ? [tooLong('title')] : []),
    ...((body ?? '').length > longest.body ? [tooLong('body')] : []),
    ...(state === undefined || state === 'open' || state === 'closed' ? [] : [about('state', 'invalid')]),
    ...(namesOf(labels).some(name => name === '' || name.length > longest.label) ? [about('labels', 'invalid')] : []),
  ];
}

export const blankIssue = (number: number, address: string, by: string, at: string): Issue => ({
  number,
  title: '',
  body: null,
  state: 'open',
  state_reason: null,
  labels: [],
  user: { login: by },
  closed_by: null,
  created_at: at,
  updated_at: at,
  closed_at: null,
  html_url: address,
});

const namesOf = (labels: IssueChange['labels'] = []) => labels.map(label => (typeof label === 'string' ? label : label.name));

/** The issue after a change. Who closes it, and when, GitHub notes itself. */
export function changed(
  issue: Issue,
  change: IssueChange,
  { by, at, mayLabel }: { by: string; at: string; mayLabel: boolean },
): Issue {
  const next: Issue = {
    ...issue,
    title: change.title ?? issue.title,
    body: change.body === undefined ? issue.body : change.body,
    labels: change.labels && mayLabel ? [...new Set(namesOf(change.labels))].map(name => ({ name })) : issue.labels,
    updated_at: at,
  };
  if (change.state === 'closed' && issue.state === 'open')
    return { ...next, state: 'closed', state_reason: reasonOf(change), closed_at: at, closed_by: { login: by } };
  if (change.state === 'open' && issue.state === 'closed')
    return { ...next, state: 'open', state_reason: 'reopened', closed_at: null, closed_by: null };
  return next;
}

const reasonOf = ({ state_reason: reason }: IssueChange) => (reason === 'not_planned' ? reason : 'completed');

/** Of a list: `state`, `labels` (all of them), `since` (of the last change), newest first unless told otherwise. */
export function listed(issues: readonly Issue[], asked: URLSearchParams): Issue[] {
  const state = asked.get('state') ?? 'open';
  const labels = (asked.get('labels') ?? '').split(',').filter(Boolean);
  const since = Date.parse(asked.get('since') ?? '') || 0;
  const by = asked.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const direction = asked.get('direction') === 'asc' ? 1 : -1;
  return issues
    .filter(issue => state === 'all' || issue.state === state)
    .filter(issue => labels.every(name => issue.labels.some(label => label.name === name)))
    .filter(issue => Date.parse(issue.updated_at) >= since)
    .toSorted((one, other) => direction * (one[by].localeCompare(other[by]) || one.number - other.number));
}
