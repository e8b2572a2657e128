/** Messages to incidents: their names and payloads are those that the incidents themselves are written with. */

import { ApplicationFailure, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { z } from 'zod';
import type { AcknowledgeStart, Answered, FailureType, MessageName, Messages } from '../../workflows/contract/index.ts';
import { Refused, TemporalUnreachable } from '../errors.ts';
import type { Listed, Told } from '../incident.ts';
import { listed } from '../incident.ts';
import { verdicted } from '../report.ts';
import type { Server } from './server.ts';

/** Milliseconds that what people say waits for a worker. */
const patience = 10_000;

/** As an update, which is answered; as a signal, which always arrives, when no worker answers in time. */
export async function tell<N extends Answered>(server: Server, incident: Listed, name: N, said: Messages[N]): Promise<Told> {
  const update = (run: Listed) => server.ask(() => server.handle(run).executeUpdate(name, { args: [said] }), patience);
  try {
    return verdicted.parse(await whereItGoesOn(server, incident, update));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return refusalIn(error);
    if (!(error instanceof TemporalUnreachable)) throw error;
    await signal(server, incident, name, said);
    return 'sent';
  }
}

/** The reason of the incident's refusal; anything else that failed is thrown as `Refused`. */
function refusalIn(error: WorkflowUpdateFailedError): Told {
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === ('Refused' satisfies FailureType))
    return { accepted: false, because: cause.message };
  throw new Refused(String(cause ?? error), { cause: error });
}

export const signal = <N extends MessageName>(server: Server, incident: Listed, name: N, said: Messages[N]): Promise<void> =>
  whereItGoesOn(server, incident, run => server.ask(() => server.handle(run).signal(name, said)));

/** The first message of an execution, for `signalWithStart`. */
export const beginning = <N extends MessageName>(signal: N, said: Messages[N]): { signal: N; signalArgs: [Messages[N]] } => ({
  signal,
  signalArgs: [said],
});

const acknowledgedPages = z.object({ pages: z.number() });

/** How many pages were acknowledged where they were sent; nothing where that is not known yet. @param id first run id of the incident */
export async function acknowledgePages(
  server: Server,
  { taskQueue }: Pick<Listed, 'taskQueue'>,
  { id, wait }: { id: string; wait: boolean },
): Promise<number | undefined> {
  try {
    const handle = await server.ask(() =>
      server.client.workflow.start('acknowledgePages', {
        workflowId: `acknowledge:${id}`,
        taskQueue,
        args: [{ version: 1, incident: id } satisfies AcknowledgeStart],
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'Acknowledge the pages of an incident',
      }),
    );
    return wait ? acknowledgedPages.parse(await server.ask(() => handle.result(), patience)).pages : undefined;
  } catch (error) {
    // The incident itself is acknowledged, whatever becomes of its pages.
    if ([TemporalUnreachable, Refused, WorkflowFailedError].some(known => error instanceof known)) return undefined;
    throw error;
  }
}

/** An incident may roll over between being found and being told: then the run is told that goes on. */
async function whereItGoesOn<T>(server: Server, incident: Listed, told: (run: Listed) => Promise<T>): Promise<T> {
  try {
    return await told(incident);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const { workflowId, runId, name } = incident;
    const next = listed(await server.describe({ workflowId }));
    if (next.name === name && next.open && next.runId !== runId) return whereItGoesOn(server, next, told);
    throw new Refused(`${name} is closed: nothing can be told to it any more.`);
  }
}
