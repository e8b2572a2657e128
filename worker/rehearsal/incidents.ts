/** The incidents of a scenario, in one world and one time: opened and joined as the intake would. */

import { operationIdOf, route, type Written, workflowIdOf } from '../../workflows/catalog/index.ts';
import type { Alert, OperationStart, PlatformTimes, Report, Start } from '../../workflows/contract/index.ts';
import type { Delivered } from './deliveries.ts';
import type { Acted } from './people.ts';
import { type People, Play, type Rehearsal, type Sandbox, type Script } from './rehearse.ts';
import type { World } from './virtual-server.ts';
import { readNextStart } from '../../workflows/kit/incident/next-start.ts';

/** The events of a rehearsal, for all its incidents. */
export interface Setting {
  /** Milliseconds since 1970. */
  start: number;
  /** Begins at the start, as its schedule would start it. */
  operation?: { runbook: Written; input: Record<string, unknown> } | undefined;
  /** Longest time, in milliseconds after the start; if absent, each incident has seven days. */
  atMost?: number;
  alerts: Delivered[];
  acts: Acted[];
  world: World;
  people: People;
  /** The platform's times for an incident that opens then. */
  times: (at: number) => PlatformTimes;
}

export type How = Pick<Script, 'evictEvery' | 'rollOver' | 'until'>;

/** A message that no incident received, and the reason. */
export interface Unheard {
  /** RFC 3339. */
  at: string;
  what: string;
  because: string;
}

export interface Rehearsed {
  /** In the order in which they were opened. */
  incidents: Rehearsal[];
  unheard: Unheard[];
}

export async function rehearseAll(sandbox: Sandbox, setting: Setting, how: How = {}): Promise<Rehearsed> {
  const course = new Course(sandbox, setting, how);
  try {
    while (await course.goesOn());
    return await course.end();
  } finally {
    await course.dispose();
  }
}

interface Opened {
  play: Play;
  runbook: Written;
  workflowId: string;
  name: string;
}

type Said = { at: number } & ({ alert: Alert } | { act: Acted });

class Course {
  private readonly sandbox: Sandbox;
  private readonly setting: Setting;
  private readonly how: How;
  private readonly opened: Opened[] = [];
  private readonly said: Said[];
  private readonly unheard: Unheard[] = [];
  /** `until` has come. */
  private isOver = false;

  constructor(sandbox: Sandbox, setting: Setting, how: How) {
    this.sandbox = sandbox;
    this.setting = setting;
    this.how = how;
    const acts = setting.acts.map(act => ({ at: setting.start + act.after, act }));
    this.said = [...setting.alerts, ...acts].toSorted((one, other) => one.at - other.at);
    if (setting.operation) this.start(setting.operation);
  }

  /** Lets the next thing happen, what is said before what it may change; false when there is none. */
  async goesOn(): Promise<boolean> {
    const next = this.opened.flatMap(momentOf).toSorted((one, other) => one.at - other.at)[0];
    const [said] = this.said;
    if (said && said.at <= Math.min(next?.at ?? Number.POSITIVE_INFINITY, this.latest())) this.hear(said);
    else if (next) await this.goOnWith(next.opened);
    else return false;
    return !this.isOver;
  }

  /** An alert that came after the end of its incident is delivered again: the next one opens with it. */
  private async goOnWith(opened: Opened) {
    const { server } = opened.play;
    const { started } = server.others;
    const before = started.length;
    await opened.play.goOn();
    const at = server.now + untilTheNext;
    this.said.push(
      ...started
        .slice(before)
        .flatMap(alertsIn)
        .map(alert => ({ at, alert })),
    );
    this.said.sort((one, other) => one.at - other.at);
  }

  async end(): Promise<Rehearsed> {
    const incidents: Rehearsal[] = [];
    for (const { play } of this.opened) incidents.push(await play.end());
    return { incidents, unheard: this.unheard };
  }

  async dispose() {
    for (const { play } of this.opened) await play.dispose();
  }

  private latest = () => this.setting.start + (this.setting.atMost ?? Number.POSITIVE_INFINITY);

  private hear(said: Said) {
    this.said.shift();
    const because = 'alert' in said ? this.deliver(said.at, said.alert) : this.tell(said.at, said.act);
    if (because !== undefined) this.unheard.push({ at: utc(said.at), what: whatOf(said), because });
  }

  /** Opens, joins or resolves; why not, if nothing of it. */
  private deliver(at: number, alert: Alert): string | undefined {
    const routed = route(alert.labels);
    if ('reason' in routed) return routed.reason;
    const workflowId = workflowIdOf(routed.runbook, alert.labels['cluster'] ?? '');
    const open = this.opened.find(one => one.workflowId === workflowId && !one.play.server.closed);
    if (!open && alert.status === 'resolved') return 'no incident is open';
    const { play } = open ?? this.open(at, alert, routed.runbook, workflowId);
    play.server.send(at, 'alert', [alert]);
    return undefined;
  }

  private open(at: number, alert: Alert, runbook: Written, workflowId: string): Opened {
    const name = this.nameFor(`${runbook.incident}-${utc(at).slice(0, 10).replaceAll('-', '')}-demo`);
    return this.begin(at, { runbook, workflowId, name }, { version: 1, name, alert, platform: this.setting.times(at) });
  }

  private start({ runbook, input }: NonNullable<Setting['operation']>) {
    const { start: at, times } = this.setting;
    const name = `${runbook.slug}-${utc(at).slice(0, 19)}Z`;
    this.begin(at, { runbook, workflowId: operationIdOf(name), name }, { version: 1, input, platform: times(at) });
  }

  private begin(at: number, { runbook, workflowId, name }: Omit<Opened, 'play'>, given: Start | OperationStart): Opened {
    const { start, atMost, world, people } = this.setting;
    const play = new Play(this.sandbox, {
      ...this.how,
      init: { type: runbook.workflow, workflowId, runId: name, args: [given], at },
      world,
      people,
      ...(atMost !== undefined && { atMost: start + atMost - at }),
      ...(this.how.until && { until: this.until(this.how.until) }),
    });
    const opened = { play, runbook, workflowId, name };
    this.opened.push(opened);
    return opened;
  }

  private until = (isThere: (report: Report) => boolean) => (report: Report) => {
    this.isOver ||= isThere(report);
    return this.isOver;
  };

  /** The second of one day has a number. */
  private nameFor(name: string) {
    const same = this.opened.filter(one => one.name.startsWith(name)).length;
    return same === 0 ? name : `${name}-${same + 1}`;
  }

  /** To the open incident that was opened last. */
  private tell(at: number, { signal, args, runbook }: Acted): string | undefined {
    const open = this.opened.findLast(one => !one.play.server.closed && (runbook === undefined || one.runbook.slug === runbook));
    open?.play.server.send(at, signal, args);
    return open ? undefined : 'no incident is open';
  }
}

/** Milliseconds after which the next incident opens. */
const untilTheNext = 1_000;

function alertsIn({ args }: { args: unknown[] }): Alert[] {
  const read = readNextStart(args);
  return 'ok' in read ? read.ok.alerts : [];
}

function momentOf(opened: Opened) {
  const at = opened.play.next();
  return at === undefined ? [] : [{ at, opened }];
}

const whatOf = (said: Said) => ('alert' in said ? `${said.alert.name} (${said.alert.status})` : `${said.act.signal} of a person`);
const utc = (at: number) => new Date(at).toISOString();
