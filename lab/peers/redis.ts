/** A real Redis in memory alone: what is in it ends with it. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { keepRunning } from '../keep-running.ts';
import type { Running } from '../process.ts';
import { accepts } from './accepts.ts';

export interface RedisOptions {
  /** For its log. */
  dir: string;
  port: number;
  /** Path of `redis-server`. */
  binary: string;
  /** More of its settings, as `--tls-port 7000`. */
  settings?: string[];
  say: (line: string) => void;
}

/** @throws LabError */
export function startRedis({ dir, port, binary, settings = [], say }: RedisOptions): Promise<Running> {
  mkdirSync(dir, { recursive: true });
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir, ...settings];
  const ready = (signal: AbortSignal) => accepts(port, signal);
  return keepRunning({ name: 'Redis', command: binary, args, log: join(dir, 'redis.log'), ports: [port], ready }, say);
}
