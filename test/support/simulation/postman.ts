import type { Decision } from '../../../workflows/contract/index.ts';
import type { Job } from '../../../worker/rehearsal/sandbox.ts';
import { json, updated } from '../payloads.ts';
import { threeAtNight } from '../rehearsing.ts';
import type { Faults } from './faults.ts';
import type { Heard, Kind, Message, Messages } from './messages.ts';
import { typed } from './names.ts';

/** A signal on its way: when, in milliseconds after the report that was read. */
export interface Post {
  signal: string;
  args: unknown[];
  after?: number;
}

/** Sends what people say, no two things at one moment: each is then judged by the report before it. */
export class Postman {
  private readonly faults: Faults;
  private readonly heard: Heard;
  private readonly taken = new Set<number>();

  constructor(faults: Faults, heard: Heard) {
    this.faults = faults;
    this.heard = heard;
  }

  decide = (said: Decision, at: number, now: number) => this.post({ kind: 'decide', said, at }, now);

  /** @param now when the report was read; all in milliseconds since 1970 */
  post(message: Message, now: number): Post {
    const { kind, said, at } = this.send(message);
    return { signal: kind, args: [said], after: at - now };
  }

  /** A message that also answers. Updates are sent beforehand: they know no report. */
  update<K extends Kind>(kind: K, said: Messages[K], at: number): { after: number; job: Job } {
    const id = `${kind}-${at}`;
    const sent = this.send({ kind, said, at, update: id } as Message);
    const job = updated(kind, json(JSON.stringify(sent.said)));
    if (job.doUpdate) Object.assign(job.doUpdate, { id, protocolInstanceId: id, meta: { updateId: id } });
    return { after: sent.at - threeAtNight, job };
  }

  private send(message: Message): Message {
    const at = this.free(message.at);
    const by = this.faults.happens('typed name', 0.3)
      ? typed(message.said.by, this.faults.stream('typed name').pick)
      : message.said.by;
    const sent = { ...message, at, said: { ...message.said, by } } as Message;
    this.heard.send(sent);
    return sent;
  }

  /** Beside whole seconds, at which alerts come. */
  private free(wanted: number): number {
    let at = wanted;
    while (this.taken.has(at) || at % 1000 === 0) at += 1;
    this.taken.add(at);
    return at;
  }
}
