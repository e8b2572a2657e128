/** The Temporal Schedules of operations: read, written, started and paused. */

import {
  type CalendarSpecDescription,
  ScheduleNotFoundError,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { canonical } from '../../activities/canonical.ts';
import { operationIdOf, operationPrefix, runbooks, schedules } from '../../workflows/catalog/index.ts';
import type { SearchAttributeName } from '../../workflows/contract/index.ts';
import { asSummary, pairs } from '../../workflows/kit/incident/starting.ts';
import { NotFound, Refused } from '../errors.ts';
import type { Found, InWords, Wanted } from '../schedules.ts';
import { jitterInWords, minutesInWords, startInWords, timeInWords } from '../schedules.ts';
import type { KnownAttributes } from './attributes.ts';
import type { Server } from './server.ts';

export class Schedules {
  readonly #server: Server;
  readonly #attributes: KnownAttributes;

  constructor(server: Server, attributes: KnownAttributes) {
    this.#server = server;
    this.#attributes = attributes;
  }

  /** The catalog's schedules, as the server would have them. */
  async inWords(wanted: Wanted[]): Promise<{ name: string; words: InWords }[]> {
    const known = await this.#attributes.names();
    return wanted.map(one => ({ name: one.runbook.slug, words: this.#wordsOf(one, known) }));
  }

  /** Those of our operations, wanted or not; one is asked for by name, because the server's list lags behind. */
  async find(wanted: Wanted[]): Promise<Found[]> {
    const types = runbooks.flatMap(({ kind, workflow }) => (kind === 'operation' && workflow !== undefined ? [workflow] : []));
    const names = new Set(wanted.map(({ runbook }) => runbook.slug));
    await this.#server.ask(async () => {
      for await (const { scheduleId, action } of this.#server.client.schedule.list())
        if (action && types.includes(action.workflowType)) names.add(scheduleId);
    });
    const described = await Promise.all([...names].map(name => this.#describe(name)));
    return described.flatMap(one => (one ? [foundIn(one)] : []));
  }

  /** Makes it what the catalog wants; whoever paused it has it paused still. */
  async apply(wanted: Wanted): Promise<void> {
    const name = wanted.runbook.slug;
    const options = this.#optionsOf(wanted, await this.#attributes.names());
    const existing = await this.#describe(name);
    const { schedule } = this.#server.client;
    await this.#server.ask(async () => {
      if (existing) await schedule.getHandle(name).update(({ state }) => ({ ...options, state }));
      else await schedule.create({ ...options, scheduleId: name });
    });
  }

  /** Rejects with `Refused` while a run is open: the server would skip the new one, and say nothing. */
  async trigger(name: string): Promise<void> {
    const { info, policies } = (await this.#describe(name)) ?? {};
    const [running] = info?.runningActions ?? [];
    if (running && policies?.overlap === 'SKIP')
      throw new Refused(`${name} runs already: runbooks show ${running.workflow.workflowId.replace(operationPrefix, '')}`);
    await this.#on(name, handle => handle.trigger());
  }

  pause = (name: string, note: string): Promise<void> => this.#on(name, handle => handle.pause(note));
  resume = (name: string, note: string): Promise<void> => this.#on(name, handle => handle.unpause(note));

  #handle = (name: string): ScheduleHandle => this.#server.client.schedule.getHandle(name);

  async #on(name: string, act: (handle: ScheduleHandle) => Promise<void>): Promise<void> {
    try {
      await this.#server.ask(() => act(this.#handle(name)));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      throw new NotFound(`The server has no schedule ${name}. ${howToHaveOne(name)}`);
    }
  }

  async #describe(name: string): Promise<ScheduleDescription | undefined> {
    try {
      return await this.#server.ask(() => this.#handle(name).describe());
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    }
  }

  #optionsOf(wanted: Wanted, known: SearchAttributeName[]): Omit<ScheduleUpdateOptions, 'state'> {
    const { runbook, row, timeZone, cluster, start } = wanted;
    const { hour, minute, days } = row.at;
    return {
      spec: {
        calendars: [{ hour, minute, dayOfWeek: days ? [...days] : '*' }],
        timezone: timeZone,
        jitter: row.jitter.is * 1000,
      },
      action: {
        type: 'startWorkflow',
        workflowType: runbook.workflow,
        workflowId: operationIdOf(runbook.slug),
        taskQueue: this.#server.taskQueue,
        args: [{ ...start, attributes: known }],
        staticSummary: asSummary(`${runbook.title}: scheduled`),
        typedSearchAttributes: pairs(known, {
          RunbookState: 'running',
          RunbookSeverity: runbook.severity,
          RunbookCluster: cluster,
        }),
      },
      policies: { overlap: row.overlap.is, catchupWindow: row.catchUp.is * 60_000 },
    };
  }

  #wordsOf({ runbook, row, timeZone, start }: Wanted, known: SearchAttributeName[]): InWords {
    return {
      time: timeInWords(row.at.hour, row.at.minute, row.at.days, timeZone),
      jitter: jitterInWords(row.jitter.is),
      overlap: row.overlap.is,
      'catch-up': minutesInWords(row.catchUp.is),
      starts: startInWords(runbook.workflow, operationIdOf(runbook.slug), this.#server.taskQueue),
      input: inputInWords({ ...start, attributes: known }),
    };
  }
}

const inputInWords = (input: unknown) => canonical(JSON.parse(JSON.stringify(input)));

function foundIn({ scheduleId, spec, action, policies, state, info }: ScheduleDescription): Found {
  return {
    name: scheduleId,
    words: {
      time: specInWords(spec),
      jitter: jitterInWords((spec.jitter ?? 0) / 1000),
      overlap: policies.overlap ?? 'SKIP',
      'catch-up': minutesInWords(policies.catchupWindow / 60_000),
      starts: startInWords(action.workflowType, action.workflowId ?? '', action.taskQueue ?? ''),
      input: inputInWords((action.args ?? [])[0] ?? null),
    },
    paused: state.paused ? (state.note ?? '') : undefined,
    next: info.nextActionTimes.map(time => time.toISOString()),
    last: info.recentActions.at(-1)?.takenAt.toISOString(),
  };
}

/** One time on some days of the week is said as the catalog says it; whatever else someone has written, as it is. */
function specInWords(spec: ScheduleDescription['spec']): string {
  const { calendars = [], timezone: timeZone = 'UTC', jitter: _, ...others } = spec;
  const [calendar, ...more] = calendars;
  const isOther = [...more, ...Object.values(others).flat()].some(value => value !== undefined && value !== null);
  const at = calendar && !isOther ? onceADay(calendar) : undefined;
  return at ?? `${JSON.stringify({ calendars, ...others })}, ${timeZone}`;

  function onceADay({ hour, minute, second, dayOfMonth, month, year, dayOfWeek }: CalendarSpecDescription) {
    const times = [...hour, ...minute, ...second];
    const [atHour, atMinute, atSecond] = times.map(({ start }) => start);
    const isOne = times.length === 3 && times.every(({ start, end }) => end <= start) && atSecond === 0;
    const isAlways = JSON.stringify([dayOfMonth, month, year]) === always;
    if (!isOne || !isAlways || atHour === undefined || atMinute === undefined) return undefined;
    return timeInWords(atHour, atMinute, daysOf(dayOfWeek), timeZone);
  }
}

const always = JSON.stringify([[{ start: 1, end: 31, step: 1 }], [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }], []]);

/** Nothing where it is every day. */
function daysOf(days: CalendarSpecDescription['dayOfWeek']): string[] | undefined {
  const named = days.map(({ start, end }) => (start === end ? start : `${start} to ${end}`));
  return named.join() === 'SUNDAY to SATURDAY' ? undefined : named;
}

const howToHaveOne = (name: string) =>
  Object.hasOwn(schedules, name)
    ? 'Create it: runbooks schedules apply'
    : `These operations have one: ${Object.keys(schedules).join(', ')}.`;
