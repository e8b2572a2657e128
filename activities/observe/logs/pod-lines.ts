/** The logs of pods through the API server, as `kubectl logs --since`: bounded in pods, bytes and time. */

import type { Kubernetes } from '../../connectors/kubernetes.ts';
import type { LogLine } from '../../connectors/loki.ts';
import { type Pod, pods as podsThere } from '../../connectors/resources.ts';
import { notConnected, SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { shapesOf } from './shapes.ts';
import type { Found, Wanted } from './wanted.ts';

/** More pods, or more of each, would not fit into the time of one check. */
const bounds = { pods: 8, lines: 3_000, bytes: 524_288 };

interface Read {
  lines: LogLine[];
  /** The first moment that is covered: the pod's birth, or later where its log was cut. */
  since: number;
  isCut: boolean;
}

/** `why`: the reason for searching here. @throws SystemError where there is no pod, or no log of theirs can be read */
export async function linesOfPods({ systems: { kubernetes } }: Deps, wanted: Wanted, why: string): Promise<Found> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const there = await kubernetes.list(podsThere, wanted.namespace, wanted.labels);
  const newest = there.toSorted((a, b) => bornAt(b) - bornAt(a)).slice(0, bounds.pods);
  const tried = await Promise.all(newest.map(pod => logOf(kubernetes, pod, wanted).catch(unlessUnread)));
  const read = tried.flatMap(one => ('fault' in one ? [] : [one]));
  const unread = tried.flatMap(one => ('fault' in one ? [one] : []));
  if (read.length === 0) throw unread[0] ?? noPod(wanted);
  const lines = read.flatMap(one => one.lines).toSorted((a, b) => b.at - a.at);
  const cut = read.filter(({ isCut }) => isCut);
  return {
    shapes: shapesOf(lines.map(({ text }) => text)),
    sample: undefined,
    count: lines.length,
    since: cut.length > 0 ? Math.max(...cut.map(({ since }) => since)) : Math.min(...read.map(({ since }) => since)),
    from: `${read.length} of ${there.length} pods`,
    remarks: [why, ...new Set(unread.map(({ message }) => message))],
  };
}

const bornAt = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp ?? '');

function unlessUnread(error: unknown): SystemError {
  if (error instanceof SystemError) return error;
  throw error;
}

const noPod = ({ namespace, labels }: Wanted) => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const text = `has no pod in ${namespace}${pairs.length > 0 ? ` with ${pairs.join(',')}` : ''}: correct the selector`;
  return new SystemError({ system: 'Kubernetes', fault: 'garbled', text });
};

async function logOf(kubernetes: Kubernetes, pod: Pod, { container, patterns, range }: Wanted): Promise<Read> {
  const seconds = Math.max(1, Math.round((range.to - range.from) / 1000));
  const asked = { container: container ?? pod.spec.containers[0]?.name ?? '', seconds, ...bounds };
  const text = await kubernetes.logs(pod.metadata, asked);
  const all = text.split('\n').flatMap(lineIn);
  const isCut = all.length >= bounds.lines || Buffer.byteLength(text) >= bounds.bytes;
  const tests = patterns.map(one => new RegExp(one, 'i'));
  const lines = all.filter(line => tests.every(test => test.test(line.text)));
  return { lines, since: isCut ? (all[0]?.at ?? range.to) : bornAt(pod), isCut };
}

/** A line is searched so far, characters. */
const longestLine = 2_000;

/** `2026-11-24T02:11:09.123456789Z text`. */
function lineIn(line: string): LogLine[] {
  const [, time = '', text = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
  const at = Date.parse(time);
  return Number.isNaN(at) ? [] : [{ at, text: text.slice(0, longestLine) }];
}
