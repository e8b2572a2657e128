/** Takes one change back and waits for what becomes of it. */

import { setTimeout as pause } from 'node:timers/promises';
import { newName, type TakeBack, targetName } from '../../workflows/contract/index.ts';
import { Failed } from '../errors.ts';
import type { Listed } from '../incident.ts';
import { reported } from '../reported.ts';
import { isHeld } from './cluster.ts';
import type { Desk } from './desk.ts';
import { openQuestions } from './first-lines.ts';
import { answerLine } from './question-lines.ts';
import { line } from './text.ts';

export interface Change {
  /** Of the step that made it. */
  title: string;
  takeBack: TakeBack;
}

export interface Undone {
  title: string;
  target: string;
  takeBack: TakeBack;
  result: 'nothing left' | 'undone' | 'stays' | 'asks' | 'not progressing' | 'unfinished';
  because: string;
  workflowId?: string;
}

type Ending = Pick<Undone, 'result' | 'because'>;

interface Order {
  by: string;
  /** Milliseconds to wait for the end. */
  within: number;
}

/** The incident that made the change; without a workflow where Temporal has it no longer. */
interface Origin {
  name: string;
  workflowId: string | undefined;
}

export async function takeBack(desk: Desk, { name, workflowId }: Origin, change: Change, { by, within }: Order): Promise<Undone> {
  const { title, takeBack } = change;
  const undone = { title, takeBack, target: targetName(takeBack.target) };
  if (!(await mayBeHeld(desk, change)))
    return { ...undone, result: 'nothing left', because: 'its record is gone from the object: it was restored before' };
  const input = { version: 1, name: newName('take-back', desk.now()), incident: name, workflowId, title, takeBack } as const;
  const begun = await desk.temporal.takeBack({ ...input, platform: desk.platform().times }, by);
  return { ...undone, ...(await endOf(desk, begun, desk.now() + within)), workflowId: begun.workflowId };
}

/** Where the cluster cannot be asked from here, the worker asks it. */
async function mayBeHeld(desk: Desk, { takeBack }: Change): Promise<boolean> {
  try {
    return await isHeld(desk, takeBack);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    desk.note(
      line`The record on ${targetName(takeBack.target)} cannot be read from here, so the worker undoes the change: ${error.message}`,
    );
    return true;
  }
}

const every = 500;

/** It has ended, asks, does not progress, or continues. */
export async function endOf(desk: Desk, begun: Listed, until: number): Promise<Ending> {
  for (;;) {
    const now = await desk.temporal.again(begun);
    const ending = await endingOf(desk, now);
    if (ending) return ending;
    if (desk.now() > until) return { result: 'unfinished', because: line`it continues: runbooks show ${now.name}` };
    await pause(every);
  }
}

async function endingOf(desk: Desk, incident: Listed): Promise<Ending | undefined> {
  const { report, notProgressing } = await reported(desk.temporal, incident);
  if (notProgressing) return { result: 'not progressing', because: line`${notProgressing.error}. Fix: ${notProgressing.fix}` };
  const [question] = report ? openQuestions(report) : [];
  if (question) return { result: 'asks', because: line`it asks “${question.title}”: ${answerLine(incident.name, question)}` };
  if (incident.open) return undefined;
  const { state = 'waiting', because = 'it did nothing' } = report?.steps.find(step => step.takesBack !== undefined) ?? {};
  return state === 'done' ? { result: 'undone', because } : { result: 'unfinished', because: line`${state}: ${because}` };
}
