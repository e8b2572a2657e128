/** Signs of life while an action waits for one answer: a write to the cluster may take longer than a worker may be silent. */

import { limits } from './limits.ts';
import type { Running } from './running.ts';

/** In real time, whatever time the action goes by: it is Temporal that listens. A process that ends does not wait for it. */
export async function alive<T>({ heartbeat }: Running, work: () => Promise<T>): Promise<T> {
  const beating = setInterval(() => heartbeat(), limits.heartbeat).unref();
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}
