/** The faults of outside systems, in one form for all of them. Never holds a secret. */

/** `not described`: the platform description does not name what a step asks for. */
export type Fault = 'not connected' | 'not described' | 'unreachable' | 'answered' | 'garbled';

/** The reason of a refusal, where the status alone would say something else. */
export type Refusal = 'immutable' | 'policy';

interface What {
  /** As people call it: `Slack`. */
  system: string;
  fault: Fault;
  /** The fault in a sentence, without its full stop. */
  text: string;
  /** HTTP status, or the status that the vendor's own code amounts to. */
  status?: number;
  /** Milliseconds, as the system asked for. */
  retryAfter?: number;
  refusal?: Refusal | undefined;
  cause?: unknown;
}

export class SystemError extends Error {
  override name = 'SystemError' as const;
  readonly system: string;
  readonly fault: Fault;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly refusal: Refusal | undefined;

  constructor({ system, fault, text, status, retryAfter, refusal, cause }: What) {
    super(`${system} ${text}`, { cause });
    this.system = system;
    this.fault = fault;
    this.status = status;
    this.retryAfter = retryAfter;
    this.refusal = refusal;
  }
}

export const notConnected = (system: string, variable: string) =>
  new SystemError({ system, fault: 'not connected', text: `is not connected: set ${variable}` });

/** The words of a system, fit for one line: no control characters, at most 300 characters. */
export const quoted = (said: string): string => {
  const line = said.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
};
