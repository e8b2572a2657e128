/** Serves an app on loopback, and cuts the connection where the app says that no one listens. */

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { LabError, reason } from '../lab-error.ts';
import { ConnectionRefused } from './stand-in.ts';

export interface Served {
  /** `http://127.0.0.1:<port>`; https where it has a certificate */
  url: string;
  close: () => Promise<void>;
}

/** A header that no vendor sends. */
const answeredBy = 'x-answered-by';

/** A certificate and its key, as PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** Port 0 takes a free one. @throws LabError when the port cannot be had. */
export async function listen(name: string, app: Hono, port: number, identity?: Identity): Promise<Served> {
  const answer = getRequestListener((request, env) => answerOrCut(app, request, env), { overrideGlobalObjects: false });
  const answering: RequestListener = (incoming, outgoing) => {
    outgoing.setHeader(answeredBy, 'stand-in');
    void answer(incoming, outgoing);
  };
  const server = identity ? createSecureServer(identity, answering) : createServer(answering);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    throw new LabError(`The stand-in ${name} cannot listen on port ${port} (${reason(error)}): stop the program that uses it.`);
  });
  return { url: `${identity ? 'https' : 'http'}://127.0.0.1:${portOf(server)}`, close: () => close(server) };
}

async function answerOrCut(app: Hono, request: Request, env: object): Promise<Response> {
  try {
    return await app.fetch(request);
  } catch (error) {
    if (error instanceof ConnectionRefused) socketOf(env)?.destroy();
    else if (!request.signal.aborted) throw error;
    return RESPONSE_ALREADY_SENT;
  }
}

const socketOf = (env: Partial<HttpBindings>) => env.incoming?.socket;

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
