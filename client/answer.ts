/** What an error of the Temporal client means to whoever asked. */

import { z } from 'zod';
import { Refused, TemporalUnreachable } from './errors.ts';

/** gRPC status codes: your request is wrong; no answer came in time. */
const [invalidArgument, deadlineExceeded] = [3, 4];

const grpc = z.looseObject({ code: z.number(), details: z.string() });
const service = z.looseObject({ cause: grpc });
const named = z.looseObject({ name: z.string(), message: z.string() });

/** Errors about the workflow itself stay what they are. */
const ofTheWorkflow = ['WorkflowNotFoundError', 'WorkflowUpdateFailedError', 'QueryNotRegisteredError', 'QueryRejectedError'];

/** `Refused` for what the server will never accept, `TemporalUnreachable` for everything that may pass. */
export function meaning(error: unknown, address: string): unknown {
  const { name, message } = named.catch({ name: '', message: String(error) }).parse(error);
  if (ofTheWorkflow.includes(name)) return error;
  const status = service.safeParse(error).data?.cause ?? grpc.safeParse(error).data;
  const said = status?.code === deadlineExceeded ? 'none came in time' : (status?.details ?? message);
  if (status?.code === invalidArgument) return new Refused(`Temporal refused: ${said}`, { cause: error });
  const mend = 'Start the server (npm start starts one to practise on), or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE';
  return new TemporalUnreachable(`Temporal at ${address} gave no answer (${said}). ${mend}.`, { cause: error });
}

export const aboutAttributes = (error: unknown) => error instanceof Refused && error.message.includes('search attribute');
