/** An incident, or a take-back, as Temporal lists it. */

import { z } from 'zod';
import { operationPrefix } from '../workflows/catalog/index.ts';
import type { Report, SearchAttributeName } from '../workflows/contract/index.ts';
import type { NotProgressing } from './progress.ts';

export interface Listed {
  /** Short name. */
  name: string;
  workflowId: string;
  runId: string;
  /** Workflow type. */
  type: string;
  taskQueue: string;
  open: boolean;
  /** Temporal's word: `RUNNING`, `COMPLETED`, … */
  status: string;
  /** RFC 3339. */
  opened: string;
  closed?: string | undefined;
  /** A later run has its name: this one was reset. */
  replaced?: true;
  /** This and the next three only where the search attributes exist. */
  state?: string | undefined;
  severity?: string | undefined;
  cluster?: string | undefined;
  /** Roles that have something to answer. */
  waitingFor: string[];
}

/** Workflow ids of what is listed begin with one of these; a notice has no one who commands it. */
export const kinds = ['incident:', 'operation:', 'take-back:'];
export const hasCommander = ({ workflowId }: Listed) => kinds.some(kind => workflowId.startsWith(kind));

const word = z.string().optional().catch(undefined);
const attributes = z
  .object({
    RunbookState: word,
    RunbookSeverity: word,
    RunbookCluster: word,
    RunbookWaitingFor: z.array(z.string()).catch([]),
  } satisfies Record<SearchAttributeName, z.ZodType>)
  .transform(found => ({
    state: found.RunbookState,
    severity: found.RunbookSeverity,
    cluster: found.RunbookCluster,
    waitingFor: found.RunbookWaitingFor,
  }));

const memo = z.object({ incident: z.string() });

/** The short name that it was started with; one that we did not start is called by its id, as a schedule makes it. */
export const nameOf = ({ workflowId, memo: its }: { workflowId: string; memo?: unknown }) =>
  memo.safeParse(its).data?.incident ?? workflowId.replace(operationPrefix, '');

/** An execution as the Temporal client describes it. */
interface Described {
  workflowId: string;
  runId: string;
  type: string;
  taskQueue: string;
  status: { name: string };
  startTime: Date;
  closeTime?: Date;
  memo?: unknown;
  typedSearchAttributes: { getAll(): { key: { name: string }; value: unknown }[] };
}

export function listed(found: Described): Listed {
  const { workflowId, runId, type, taskQueue, status, startTime, closeTime, typedSearchAttributes } = found;
  const pairs = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
  return {
    name: nameOf(found),
    workflowId,
    runId,
    type,
    taskQueue,
    open: status.name === 'RUNNING',
    status: status.name,
    opened: startTime.toISOString(),
    closed: closeTime?.toISOString(),
    ...attributes.parse(Object.fromEntries(pairs)),
  };
}

/** Temporal's word for an end, as people say it. */
export const ending = ({ status }: Pick<Listed, 'status'>) => status.toLowerCase().replaceAll('_', ' ');

/** True if Temporal ended it before it could close by itself. */
export const isCutOff = ({ open, status }: Pick<Listed, 'open' | 'status'>) => !open && status !== 'COMPLETED';

/** Newest first; of several runs that share a name, all but the newest are marked. */
export const newestFirst = (found: Listed[]): Listed[] =>
  found
    .toSorted((one, other) => other.opened.localeCompare(one.opened))
    .map((one, index, all) => {
      const newest = all.findIndex(({ name, workflowId }) => name === one.name && workflowId === one.workflowId);
      return newest === index ? one : { ...one, replaced: true };
    });

/** The record if it could be had, and what keeps the incident from going on. */
export interface Reported {
  report?: Report;
  notProgressing?: NotProgressing;
}

export interface Opened {
  result: 'opened' | 'joined';
  /** Short name. */
  incident: string;
  workflowId: string;
}

export interface Started {
  /** Short name. */
  operation: string;
  workflowId: string;
}

/** `sent` means: it stands in the history and is judged as soon as a worker runs. */
export type Told = { accepted: true } | { accepted: false; because: string } | 'sent';
