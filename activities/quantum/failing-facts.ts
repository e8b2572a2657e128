/** The facts of the checks of solvers and of failed jobs. */

/** The hub of each pod, and a canary on each solver. */
export interface SolversFacts {
  /** Pods whose breaker is not closed. */
  open: string[];
  /** Solvers whose canary failed, was a mock, or missed the optimum. */
  wrong: ('dynex' | 'classical')[];
  /** The code of a solver fails (a module or a method is missing): no restart repairs it. */
  codeFault: boolean;
  /** So many of a hundred quantum jobs are let in; absent where the platform does not say. */
  intake: number;
}

/** Failed jobs and what they have in common, 0 to 1 where it is a share. */
export interface FailuresFacts {
  failed: number;
  finished: number;
  /** The class of error that most failed jobs have. */
  error: ErrorKind;
  errorShare: number;
  /** The solver of most failed jobs. */
  solver: string;
  solverShare: number;
  /** The property that failed jobs have far more often than others do. */
  leading: { factor: 'solver' | 'operation' | 'size' | 'customer'; value: string; lift: number; share: number } | null;
  /** Failed jobs that break a rule of the platform's own model. */
  ruleShare: number;
  /** Other jobs succeed on the solver of most failed jobs. */
  othersSucceed: boolean;
}

/** Jobs that waited long or failed, and whose they are. */
export interface JobOwnersFacts {
  jobs: number;
  /** Of the jobs, those that the platform names no owner of. */
  unowned: number;
  /** Customers in the list; absent where none was frozen. */
  frozen?: number;
}

export type ErrorKind = 'timeout' | 'memory' | 'limit' | 'code' | 'other';
