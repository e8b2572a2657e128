/** One call of the API: its parameters are checked first, which keeps nothing; then it is carried out, and its answer is kept. */

import type { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { type Fields, parsed } from './sent.ts';

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** @throws Refusal for parameters that it does not take */
  read: (fields: Fields) => (ledger: Ledger, id: string) => object;
}

export function route<T>(
  method: Route['method'],
  path: string,
  schema: z.ZodType<T>,
  carryOut: (sent: T, ledger: Ledger, id: string) => object,
): Route {
  return {
    method,
    path,
    read(fields) {
      const sent = parsed(schema, fields);
      return (ledger, id) => carryOut(sent, ledger, id);
    },
  };
}
