/** Host names as this process resolves them, in seconds at most: a resolver of its own, since a lookup cannot be given up. */

import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Addresses of a host; none where nothing answers for it. */
export async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return found.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []));
}

/** True if a host, as a URL writes it, is this machine. */
export const isHere = (host: string) => /^(localhost|\[::1\])$/.test(host) || (isIP(host) === 4 && host.startsWith('127.'));
