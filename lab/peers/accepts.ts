import { once } from 'node:events';
import { connect } from 'node:net';

/** True if someone listens there; throws otherwise. */
export async function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect', { signal });
    return true;
  } finally {
    socket.destroy();
  }
}
