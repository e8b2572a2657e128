/** The search attributes that an incident is started with; its workflow sets those that its start names, and no other. */

import { attributesOf, settable } from '../../activities/namespace-attributes.ts';
import type { SearchAttributeName } from '../../workflows/contract/search-attributes.ts';
import { searchAttributeNames } from '../../workflows/contract/search-attributes.ts';
import { aboutAttributes } from '../answer.ts';
import type { Server } from './server.ts';

/** Milliseconds until a namespace that lacks some is asked again. */
const askedAgain = 60_000;

/** The attributes that the namespace has with the right type: kept for the process where it is whole, until a start is refused for it. */
export class KnownAttributes {
  readonly #server: Server;
  #kept: { names: SearchAttributeName[]; at: number } | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Starts with those that are known; without any, where the server refuses them. */
  async startWith<T>(start: (known: SearchAttributeName[]) => Promise<T>): Promise<T> {
    const names = await this.names();
    try {
      return await this.#server.ask(() => start(names));
    } catch (error) {
      if (names.length === 0 || !aboutAttributes(error)) throw error;
      this.#kept = undefined;
      return this.#server.ask(() => start([]));
    }
  }

  /** Rejects with what `ask` of the server rejects with. */
  async names(): Promise<SearchAttributeName[]> {
    if (this.#kept && !this.#isStale(this.#kept)) return this.#kept.names;
    const { connection, namespace } = this.#server;
    const names = settable(await this.#server.ask(() => attributesOf(connection, namespace)));
    this.#kept = { names, at: Date.now() };
    return names;
  }

  #isStale = ({ names, at }: { names: SearchAttributeName[]; at: number }) =>
    names.length < searchAttributeNames.length && Date.now() > at + askedAgain;
}
