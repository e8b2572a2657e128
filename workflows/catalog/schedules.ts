/** When operations start by themselves: Temporal Schedules are made from these rows, and compared with them. */

export interface ScheduleRow {
  /** On the calendar of the platform's time zone; every day where no days are named. */
  at: { hour: number; minute: number; days?: readonly Weekday[] };
  /** Seconds by which a firing may be late, and why. */
  jitter: Reasoned<number>;
  /** A firing while the run before is still open. */
  overlap: Reasoned<'SKIP' | 'BUFFER_ONE'>;
  /** How long after its time a firing is caught up with, in minutes, where the server was down. */
  catchUp: Reasoned<number>;
}

export type Weekday = 'SUNDAY' | 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY';

interface Reasoned<T> {
  is: T;
  because: string;
}

/** By the slug of the operation. */
export const schedules: Readonly<Record<string, ScheduleRow>> = {
  'morning-health-check': {
    at: { hour: 9, minute: 0 },
    jitter: { is: 0, because: 'people expect the result at a quarter past nine, and it is one run' },
    overlap: { is: 'SKIP', because: 'two checks at once would report the same faults twice' },
    catchUp: { is: 60, because: 'a check that is more than an hour late says nothing about the morning' },
  },
  'log-review': {
    at: { hour: 10, minute: 0 },
    jitter: { is: 0, because: 'the searches compare the same hours of each day, and it is one run' },
    overlap: { is: 'SKIP', because: 'two reviews at once would report the same lines twice' },
    catchUp: { is: 240, because: 'the last 24 hours are reviewed as well at two; later the next review is near' },
  },
  'weekly-maintenance-window': {
    at: { hour: 10, minute: 0, days: ['FRIDAY'] },
    jitter: { is: 0, because: 'people are asked by day what they plan for Sunday' },
    overlap: { is: 'SKIP', because: 'two open windows cannot be told apart' },
    catchUp: { is: 480, because: 'people can be asked until the evening, and the notice can still go out in time' },
  },
};
