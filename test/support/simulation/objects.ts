/** The objects that actions change and what people read of them: each with the record that restores it, as the activities leave them. */

import { publicText, withdrawn } from '../../../activities/messages/texts.ts';
import type { StatusPageInput } from '../../../activities/comms/status-page.ts';
import type { Change, TakeBack, Target } from '../../../workflows/contract/index.ts';

/** What one write left: its changes, and the record of this incident that stands. */
export interface Left {
  changes: Change[];
  takeBack?: TakeBack;
}

interface Done {
  type: string;
  input: unknown;
  key: string;
}

const inCluster = (kind: string, name: string): Target => ({ system: 'kubernetes', kind, namespace: 'nqba-platform', name });
const setting = inCluster('ConfigMap', 'nqba-config');
const workload = inCluster('Deployment', 'nqba-worker');
const component = 'Quantum computing';
const page: Target = { system: 'status page', kind: 'Status page', name: component };

const targets: Record<string, Target> = {
  setFallback: setting,
  setShare: setting,
  useSecret: workload,
  giveBackReplica: workload,
  setStatusPage: page,
};

const ofTheSetting = ({ target }: TakeBack) => target === setting;
const ofThePage = ({ target }: TakeBack) => target === page;

/** What stays until people decide, though there is a way back. */
const stays = ['useSecret', 'setShare'];

const numbers = /\d+/g;
const change: Change = { target: 'object', field: 'field', before: 'before', after: 'after' };
const wayBack: Change = { ...change, before: change.after, after: change.before };
const nothing: Left = { changes: [] };

export class Objects {
  /** Of changes that stand, by their keys. */
  readonly records = new Map<string, TakeBack>();
  /** Part of the jobs that the setting sends to Dynex. */
  toDynex = 1;
  /** Whether jobs follow the setting. */
  follows = true;
  published = { status: 'operational', text: '' };
  /** Last text of the incident's message in Slack. */
  slack = '';
  /** When others undid a change of the incident (milliseconds). */
  readonly undone: { key: string; at: number }[] = [];

  do(done: Done): Left {
    const { type, input, key } = done;
    if (type === 'setStatusPage') return this.publish(input as StatusPageInput, key);
    if (type === 'takeBack') return this.letGo((input as { takeBack: TakeBack }).takeBack.key);
    if (type === 'setFallback') return (input as { enabled: boolean }).enabled ? this.send(0, done) : this.letSettingGo();
    if (type === 'setShare') return this.send((input as { percent: number }).percent / 100, done);
    const stood = this.records.has(key);
    return { changes: stood ? [] : [change], takeBack: this.record(type, key) };
  }

  private send(share: number, { type, key }: Done): Left {
    const mine = this.find(ofTheSetting);
    const isSet = mine !== undefined && this.toDynex === share;
    this.toDynex = share;
    return { changes: isSet ? [] : [change], takeBack: mine ?? this.record(type, key) };
  }

  private letSettingGo(): Left {
    const mine = [...this.records.values()].filter(ofTheSetting);
    for (const { key } of mine) this.records.delete(key);
    this.toDynex = 1;
    return mine.length > 0 ? { changes: [wayBack] } : nothing;
  }

  letGo(key: string): Left {
    const record = this.records.get(key);
    if (!record) return nothing;
    this.records.delete(key);
    if (record.target === page) this.published = { status: 'operational', text: withdrawn(component).body };
    if (!this.find(ofTheSetting)) this.toDynex = 1;
    return { changes: [change] };
  }

  private publish({ status, text, share }: StatusPageInput, key: string): Left {
    const { body } = publicText(text, component, share);
    const mine = this.find(ofThePage);
    if (status === 'operational') {
      if (!mine && this.published.status === status) return nothing;
      if (mine) this.records.delete(mine.key);
      this.published = { status, text: mine ? body : this.published.text };
      return { changes: [change] };
    }
    const isSaid = this.published.status === status && this.published.text.replace(numbers, '') === body.replace(numbers, '');
    this.published = { status, text: body };
    return { changes: isSaid ? [] : [change], takeBack: mine ?? this.record('setStatusPage', key) };
  }

  private record(action: string, key: string): TakeBack {
    const record = { action, key, target: targets[action] ?? workload, words: `a change by ${action}` };
    this.records.set(key, record);
    return record;
  }

  private find = (which: (record: TakeBack) => boolean) => [...this.records.values()].find(which);

  /** Others undid what this write left, and not a later one. */
  isUndone = ({ record, at }: { record?: string | undefined; at: number }) =>
    this.undone.some(one => one.key === record && one.at >= at);
  /** Our own fallback keeps jobs from Dynex, and they follow it. */
  isRouted = () => this.isSettingHeld() && this.toDynex < 1 && this.follows;
  isSettingHeld = () => this.find(ofTheSetting) !== undefined;
  isNoticeOpen = () => this.find(ofThePage) !== undefined;
  /** Records under keys that begin with those of tries without a receipt. */
  foundFor = (tried: { key: string }[], known: string[]) =>
    [...this.records.values()].filter(({ key }) => !known.includes(key) && tried.some(one => key.startsWith(one.key)));
  /** Records that are to be restored before an incident has recovered. */
  standing = () => [...this.records.values()].filter(({ action }) => !stays.includes(action));
}
