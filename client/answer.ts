/** Errors of the Temporal client, in words for people. */

import { z } from 'zod';
import { Refused, TemporalUnreachable, Usage } from './errors.ts';

/** gRPC status codes: your request is wrong; no answer came in time; no such namespace; you may not; who are you? */
const [invalidArgument, deadlineExceeded, notFound, permissionDenied, unauthenticated] = [3, 4, 5, 7, 16];

const grpc = z.looseObject({ code: z.number(), details: z.string() });
const service = z.looseObject({ cause: grpc });
const named = z.looseObject({ name: z.string(), message: z.string() });

/** Errors about the workflow or the schedule itself stay what they are. */
const ofTheWorkflow = [
  'WorkflowNotFoundError',
  'WorkflowFailedError',
  'WorkflowUpdateFailedError',
  'QueryNotRegisteredError',
  'QueryRejectedError',
  'ScheduleNotFoundError',
];

/** `Refused` for what the server will never accept, `TemporalUnreachable` for everything that may pass. */
export function meaning(error: unknown, address: string): unknown {
  const { name, message } = named.catch({ name: '', message: String(error) }).parse(error);
  if (ofTheWorkflow.includes(name)) return error;
  const status = service.safeParse(error).data?.cause ?? grpc.safeParse(error).data;
  const said = status?.code === deadlineExceeded ? 'none came in time' : (status?.details ?? message);
  if (status?.code === invalidArgument) return new Refused(`Temporal refused: ${said}`, { cause: error });
  const code = name === 'NamespaceNotFoundError' ? notFound : status?.code;
  return new TemporalUnreachable(`Temporal at ${address} ${unusable(code, said)}.`, { cause: error });
}

function unusable(code: number | undefined, said: string): string {
  if (code === notFound) return `answered: ${said}. Set TEMPORAL_NAMESPACE`;
  if (code === permissionDenied || code === unauthenticated) return `does not let us in (${said}). Set TEMPORAL_API_KEY, or TLS`;
  return `gave no answer (${said}). Start the server (npm start starts one to practise on), or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE`;
}

export const aboutAttributes = (error: unknown) => error instanceof Refused && error.message.includes('search attribute');

/** A user and a password may stand in an address that is quoted. */
const withoutUsers = (text: string) => text.replace(/[^\s'"/@]*:[^\s'"/@]*@/g, '');

/** Throws `Usage` for settings that no server can have. */
export function configured<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { message } = named.catch({ name: '', message: String(error) }).parse(error);
    throw new Usage(
      `Temporal cannot be reached as it is configured: ${withoutUsers(message)}. See its variables: TEMPORAL_ADDRESS and others.`,
    );
  }
}
