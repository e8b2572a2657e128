/** What a method of Slack is given, and how it answers. */

import type { Arguments } from './slack-arguments.ts';
import type { Workspace } from './slack-history.ts';
import type { Surroundings } from './stand-in.ts';

/** An answer, or the name of an error with what Slack says beside it. */
export type Answer = Record<string, unknown> & ({ ok: true } | { ok: false; error: string });
export const refusal = (error: string, more: Record<string, unknown> = {}): Answer => ({ ok: false, error, ...more });

export type Method = (given: Arguments, workspace: Workspace, around: Surroundings) => Answer;
