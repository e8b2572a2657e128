import type { Plan } from './action.ts';
import type { Role } from './vocabulary.ts';

export const questionKinds = ['choice', 'text', 'task', 'plan', 'stuck', 'held', 'cancelled', 'handover'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** The forms of a text that people give, by name: names of things, never a secret. */
export const textFormNames = ['secret name'] as const;
export type TextForm = (typeof textFormNames)[number];

export const textForms: Readonly<Record<TextForm, { pattern: RegExp; says: string }>> = {
  'secret name': {
    pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
    says: 'the name of a Secret: lower-case letters, digits, dashes and dots (RFC 1123), never what is in it',
  },
};

/** Anything an incident waits for from people. */
export interface Question {
  /** Words of the title in kebab case, unique in the incident: `what-is-the-cause`, `what-is-the-cause-2`. */
  id: string;
  kind: QuestionKind;
  title: string;
  choices: string[];
  owner: Role;
  /** May answer it as well. */
  also?: Role | undefined;
  /** True if the runbook waits for the answer. */
  blocking: boolean;
  /** RFC 3339. */
  asked: string;
  /** RFC 3339; when people were told of it: its time begins then. */
  announced?: string;
  /** Milliseconds that it waits for, from when it is announced. */
  lasts?: number;
  /** How often people were reminded of it. */
  reminded?: number;
  /** RFC 3339; then `otherwise` is the answer. */
  expires?: string;
  otherwise?: string;
  suggest?: string;
  because?: string;
  evidence?: string;
  /** The choice of this name is answered with a text that looks so. */
  text?: TextForm;
  plan?: Plan;
  /** Two different persons must want what changes something: one as the owner, one as this. */
  second?: Role;
  /** Of two that it takes. */
  votes?: Answer[];
  answer?: Answer;
  /** Why no one needs to answer any more. */
  withdrawn?: string;
}

/** Whoever closes an incident says why: such an answer without a reason is refused. */
export const needsReason = (choice: string) => choice.startsWith('close:');

/** A question as it is announced in the channel. */
export interface Asked
  extends Pick<Question, 'title' | 'owner' | 'also' | 'second' | 'choices' | 'suggest' | 'because' | 'expires' | 'otherwise'> {
  /** A sentence each. */
  plan?: string[];
  /** The line that answers it. */
  command: string;
}

export interface Answer {
  choice: string;
  text?: string;
  by: string;
  /** How we know who answered. */
  how: 'claimed' | 'verified' | 'time';
  at: string;
  reason?: string;
}

/** The answer of one person, by the signal or the update `decide`. */
export interface Decision {
  question: string;
  choice: string;
  by: string;
  text?: string;
  reason?: string;
  /** If given, must be the digest of the plan now asked. */
  digest?: string;
  /** One person decides what takes two, with a reason: the owners are woken, and it stands first in the report. */
  breakGlass?: boolean;
}
