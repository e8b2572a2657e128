/** The proxies that lead out, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them: Node's own fetch does not follow them. */

import { BlockList, isIP } from 'node:net';
import { webAddress } from './address.ts';
import type { Fetch } from './http.ts';
import { isHere } from './names.ts';

export interface Proxies {
  /** Addresses of proxies by the protocol they are for. */
  https?: string | undefined;
  http?: string | undefined;
  /** Hosts that are reached without: a name, a domain with all below it, an address, a range, or `*`. */
  except: string[];
}

type Environment = Record<string, string | undefined>;

export const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;
type ProxyVariable = (typeof proxyVariables)[number];

/** In small letters too, which win; nothing where no proxy is set. */
export function proxiesIn(environment: Environment): Proxies | undefined {
  const of = (name: ProxyVariable) => (environment[name.toLowerCase()] ?? environment[name])?.trim() || undefined;
  const [https, http] = [of('HTTPS_PROXY'), of('HTTP_PROXY')];
  const except = (of('NO_PROXY') ?? '').split(/[\s,]+/).filter(word => word !== '');
  return https || http ? { https, http, except } : undefined;
}

/** The variables that name no address, as the fault of a configuration. */
export function proxyFaults(environment: Environment): string[] {
  const { https, http } = proxiesIn(environment) ?? {};
  return [...wrong('HTTPS_PROXY', https), ...wrong('HTTP_PROXY', http)];
}

const wrong = (name: ProxyVariable, proxy: string | undefined) =>
  proxy === undefined || webAddress.safeParse(proxy).success ? [] : [`${name} is not an http or https address`];

/** Nothing where the address is reached without a proxy; this machine always is. */
export function proxyFor({ https, http, except }: Proxies, address: string): string | undefined {
  const { protocol, hostname, port } = new URL(address);
  const proxy = protocol === 'https:' ? https : http;
  const isExcepted = isHere(hostname) || except.some(word => covers(word.toLowerCase(), hostname.replace(/^\[|\]$/g, ''), port));
  return isExcepted ? undefined : proxy;
}

function covers(word: string, host: string, port: string): boolean {
  if (word === '*') return true;
  const [, range = '', bits] = /^(.+)\/(\d+)$/.exec(word) ?? [];
  if (bits !== undefined) return isIn(range, Number(bits), host);
  const [, name = word, only] = /^([^:]+):(\d+)$/.exec(word) ?? [];
  if (only !== undefined && only !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

function isIn(range: string, bits: number, host: string): boolean {
  const family = isIP(range) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(range) === 0 || isIP(host) === 0) return false;
  const list = new BlockList();
  list.addSubnet(range, bits, family);
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** Asks through the proxy of each address. Its client is loaded at the first call that needs it. */
export function fetchThrough(proxies: Proxies): Fetch {
  const agents = new Map<string, Promise<Dispatched>>();
  return async request => {
    const proxy = proxyFor(proxies, request.url);
    if (proxy === undefined) return globalThis.fetch(request);
    const agent = agents.get(proxy) ?? dispatched(proxy);
    agents.set(proxy, agent);
    return (await agent)(request);
  };
}

type Dispatched = (request: Request) => Promise<Response>;

async function dispatched(proxy: string): Promise<Dispatched> {
  const { fetch, ProxyAgent } = await import('undici');
  const dispatcher = new ProxyAgent(proxy);
  return async ({ url, method, headers, signal, body }) => {
    const sent = body === null ? null : await new Response(body).text();
    const answer = await fetch(url, { method, headers: [...headers], signal, redirect: 'manual', body: sent, dispatcher });
    const chunks = answer.body === null ? null : ReadableStream.from(answer.body);
    return new Response(chunks, { status: answer.status, headers: [...answer.headers] });
  };
}
