/** Why practice cannot go on, as one sentence that says what to do: it is printed alone, without a stack. */
export class LabError extends Error {
  override name = 'LabError';
}

/** The operating system's own word for what failed (`ENOSPC`, `ENOENT`), else the message. */
export const reason = (error: unknown) =>
  error instanceof Error ? ('code' in error && typeof error.code === 'string' ? error.code : error.message) : String(error);

/** Whether a file could not be written for want of space, by the system's word or by that of a program we ran. */
export const isFullDisk = (error: unknown) =>
  reason(error) === 'ENOSPC' || (error instanceof Error && /no space left on device/i.test(error.message));

/** Throws: a full disk as a sentence, wherever files are written; every other error as it is. */
export function orFullDisk(error: unknown, where: string): never {
  throw isFullDisk(error) ? fullDisk(where) : error;
}

export const fullDisk = (where: string) =>
  new LabError(`The disk is full: free some space under ${where} (about 1 GB is needed), then start again.`);
