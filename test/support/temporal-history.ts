/** What Temporal's own history of a workflow has, as its CLI prints it. */

import { z } from 'zod';
import { temporal } from './temporal-cli.ts';

const event = z.looseObject({
  eventType: z.string(),
  workflowExecutionSignaledEventAttributes: z.looseObject({ signalName: z.string() }).optional(),
  workflowExecutionUpdateAcceptedEventAttributes: z
    .looseObject({ acceptedRequest: z.looseObject({ input: z.looseObject({ name: z.string() }) }) })
    .optional(),
  workflowExecutionFailedEventAttributes: z.looseObject({ failure: z.looseObject({ message: z.string() }) }).optional(),
});
const history = z.object({ events: z.array(event) });
export type HistoryEvent = z.infer<typeof event>;

export async function historyOf(environment: Record<string, string | undefined>, workflowId: string): Promise<HistoryEvent[]> {
  return history.parse(JSON.parse(await temporal(environment, 'show', '-w', workflowId, '-o', 'json'))).events;
}

/** Names of the messages of people, in their order: `signal acknowledge`. */
export const sentIn = (events: HistoryEvent[]): string[] =>
  events.flatMap(
    ({ workflowExecutionSignaledEventAttributes: signal, workflowExecutionUpdateAcceptedEventAttributes: update }) => {
      if (signal && signal.signalName !== 'alert') return [`signal ${signal.signalName}`];
      return update ? [`update ${update.acceptedRequest.input.name}`] : [];
    },
  );
