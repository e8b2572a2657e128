/** The public texts by name; a runbook never carries wording. Plain text, and each with what it claims, which must be so when it is published. */

import { stopped } from '../failures.ts';

export const textNames = [
  'investigating',
  'resolved',
  'degraded',
  'quantum-fallback',
  'dynex-eta',
  'dynex-resolved',
  'outage',
  'works-again',
  'jobs-delayed-resolved',
  'jobs-failing',
  'jobs-resolved',
  'billing-corrected',
  'limit-near',
  'limit-raised',
  'maintenance',
] as const;
export type TextName = (typeof textNames)[number];

/**
 * The claim of a text, beyond that people look into it: that our own fallback moved jobs, that the incident's recovery is measured,
 * and that on top of it jobs run on Dynex again, so that nothing of our fallback stands.
 */
export type Claim = 'nothing' | 'our fallback moved jobs' | 'recovery' | 'recovery without our fallback';

interface Text {
  /** Subject of a mail. */
  subject: string;
  body: string;
}

/** Words that a step gives to a text. */
export interface Given {
  /** Of a maintenance, such as `Sunday 2026-12-06, 02:00 to 04:00 UTC`. */
  window?: string | undefined;
}

/** A reader's own numbers: how much is used of what is allowed, what was raised until when, how many jobs were delayed or failed, and what was given back. */
export type Own = 'used' | 'raised' | 'delayed' | 'failed' | 'corrected';

interface Written {
  claims: Claim;
  /** Without them it is refused. */
  needs?: readonly (keyof Given)[];
  /** A mail of it has lines of its reader. */
  own?: Own;
  /** It states a measured share of the jobs. */
  states?: 'share';
  /** No written runbook publishes it: people publish it with one answer. */
  drafted?: true;
  subject: (component: string) => string;
  body: (component: string, percent: number, given: Given) => string;
}

const texts: Record<TextName, Written> = {
  investigating: {
    claims: 'nothing',
    drafted: true,
    subject: component => `${component}: we are investigating a problem`,
    body: component => `We are investigating a problem with ${component}. We will write again when it is resolved.`,
  },
  resolved: {
    claims: 'recovery',
    drafted: true,
    subject: component => `${component}: the problem is resolved`,
    body: component => `The problem with ${component} is resolved: we have measured that it works again.`,
  },
  degraded: {
    claims: 'nothing',
    subject: component => `${component} is degraded`,
    body: component => `${component} is degraded. We are investigating and will update this page.`,
  },
  'quantum-fallback': {
    claims: 'our fallback moved jobs',
    states: 'share',
    subject: component => `${component} runs on classical solvers`,
    body: (component, percent) =>
      `${component} is degraded. We have routed jobs to classical solvers: ${percent}% of the jobs we measured ran there. We continue to investigate.`,
  },
  'dynex-eta': {
    claims: 'nothing',
    subject: component => `${component}: our provider is working on it`,
    body: component =>
      `${component} is degraded because of an incident at our quantum provider. We will write again when the provider names a time.`,
  },
  'dynex-resolved': {
    claims: 'recovery without our fallback',
    subject: component => `${component} works again`,
    body: component => `${component} works again: jobs run on the quantum provider. The incident is resolved.`,
  },
  outage: {
    claims: 'nothing',
    drafted: true,
    subject: component => `${component}: we are investigating an outage`,
    body: component => `We are investigating reports that ${component} does not answer. We will update this page.`,
  },
  'works-again': {
    claims: 'recovery',
    drafted: true,
    subject: component => `${component} works again`,
    body: component => `${component} works again: we have measured it from outside. The incident is resolved.`,
  },
  'jobs-delayed-resolved': {
    claims: 'recovery',
    own: 'delayed',
    subject: component => `${component}: jobs run without delay again`,
    body: component =>
      `Jobs of ${component} waited longer than usual. We have measured that they start and finish in the usual time again. The incident is resolved.`,
  },
  'jobs-failing': {
    claims: 'nothing',
    drafted: true,
    subject: component => `${component}: some jobs fail`,
    body: component => `Some jobs of ${component} fail. We are investigating and will update this page.`,
  },
  'jobs-resolved': {
    claims: 'recovery',
    drafted: true,
    subject: component => `${component}: jobs succeed again`,
    body: component =>
      `Jobs of ${component} succeed again. Please submit jobs again that failed during the incident. The incident is resolved.`,
  },
  'billing-corrected': {
    claims: 'recovery',
    drafted: true,
    own: 'corrected',
    subject: () => 'Your charges were corrected',
    body: () =>
      'A charge to your account was wrong. We have corrected it: the amount and the day stand below. You need to do nothing. New charges are right, which we have measured.',
  },
  'limit-near': {
    claims: 'nothing',
    drafted: true,
    own: 'used',
    subject: component => `${component}: you have nearly used up what your plan allows`,
    body: component =>
      `You have nearly used up what your plan allows of ${component}. When it is used up, further calls are refused until the next period. Your account shows how much is left. Please write to us if you need more.`,
  },
  'limit-raised': {
    claims: 'recovery',
    drafted: true,
    own: 'raised',
    subject: component => `${component}: you may use more for a while`,
    body: component =>
      `You may use more of ${component} than your plan allows, for 30 days at most. Your account shows the new limit and its end. Please write to us before then if you need it for longer.`,
  },
  maintenance: {
    claims: 'nothing',
    drafted: true,
    needs: ['window'],
    subject: () => 'Scheduled maintenance',
    body: (_, __, { window }) =>
      `We maintain our platform on ${window}. It may be slow or not answer for some minutes of that time. You need to do nothing. If the maintenance does not take place, we write again.`,
  },
};

export const claimOf = (name: TextName): Claim => texts[name].claims;
export const statesShare = (name: TextName): boolean => texts[name].states === 'share';
export const ownOf = (name: TextName): Own | undefined => texts[name].own;
export const isDrafted = (name: TextName): boolean => texts[name].drafted === true;

/**
 * @param share measured part of the jobs, 0 to 1; rounded down, so that we never say more than we saw
 * @throws `BadInput` where a word that it needs is missing
 */
export function publicText(name: TextName, component: string, share = 0, given: Given = {}): Text {
  const { subject, body, needs = [] } = texts[name];
  const missing = needs.filter(word => !given[word]);
  if (missing.length > 0) throw stopped('BadInput', `The text ${name} lacks its ${missing.join(' and ')}: correct the step.`);
  return { subject: subject(component), body: body(component, Math.floor(share * 100 + 1e-9), given) };
}

/** Our notice ends without a word on whether it works: nobody has measured that. */
export const withdrawn = (component: string): Text => ({
  subject: `${component}: notice withdrawn`,
  body: `We have withdrawn our notice about ${component}. It will not be updated any more.`,
});

const withoutNumbers = (text: string) => text.replace(/\d+/g, '0');

/** The share is measured again each time a text is published. */
export const sameButNumbers = (one: string, other: string) => withoutNumbers(one) === withoutNumbers(other);
