/** The ways in which asking for something can end badly; each knows the exit code it stands for. */

export abstract class Stop extends Error {
  abstract readonly exit: 1 | 2 | 3 | 4 | 5;
}

/** It was tried and did not work. */
export class Failed extends Stop {
  override readonly name = 'Failed';
  readonly exit = 1;
}

/** A command or a configuration that makes no sense. */
export class Usage extends Stop {
  override readonly name = 'Usage';
  readonly exit = 2;
}

/** There is nothing of that name. */
export class NotFound extends Stop {
  override readonly name = 'NotFound';
  readonly exit = 3;
}

/** The incident, or the server, said no. */
export class Refused extends Stop {
  override readonly name = 'Refused';
  readonly exit = 4;
}

/** Temporal gave no answer that could be used: nothing is known of what became of the request. */
export class TemporalUnreachable extends Stop {
  override readonly name = 'TemporalUnreachable';
  readonly exit = 5;
}
