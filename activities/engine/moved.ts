import { SystemError } from '../connectors/system-error.ts';

/** Someone else changed an object that the draft rests on. */
export class Moved extends Error {
  override name = 'Moved' as const;
}

export const hasMoved = (error: unknown) => error instanceof Moved || (error instanceof SystemError && error.status === 409);
