/** The context of every command. */

import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { z } from 'zod';
import type { Environment } from '../environment.ts';
import { platformFile } from '../environment.ts';
import { addOwnRunbooks } from '../own-runbooks.ts';
import type { ClientPlatform } from '../platform.ts';
import { readPeople, readPlatform, timesAt } from '../platform.ts';
import type { Surroundings } from './practice-environment.ts';
import { Temporal } from '../temporal.ts';

/** Milliseconds in which Temporal must answer: whoever types waits for it, and `hold --all` needs it not. */
const connectWithin = 2_000;

export class Desk {
  readonly environment: Environment;
  /** Exit code, unless something is thrown. */
  exit = 0;
  /** The context of KUBECONFIG that the command names. */
  context: string | undefined;
  #temporal: Temporal | undefined;

  /** The kubeconfig that was set and is not used. */
  readonly unused: string | undefined;
  readonly #practice: boolean;

  constructor({ environment, practice, unused }: Surroundings) {
    this.environment = environment;
    this.unused = unused;
    this.#practice = practice;
  }

  /** Knows runbooks of one's own, and says which platform is meant, where no one named one. */
  begin = (_: Command, command: Command) => {
    if (command.name() !== 'new') addOwnRunbooks(this.environment);
    if (this.#practice)
      this.note('Using the practice platform of this clone (.practice/env), because TEMPORAL_ADDRESS is not set.');
  };

  get temporal(): Temporal {
    this.#temporal ??= new Temporal(this.environment, connectWithin);
    return this.#temporal;
  }

  /** The platform's times for an incident that opens now. */
  timesNow = () => timesAt(this.platform(), this.now(), readPeople(this.environment));
  platform = (): ClientPlatform => readPlatform(platformFile(this.environment), this.environment);

  now = () => Date.now();

  /** Data, for people or programs. */
  out = (lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);

  /** Everything else that people should read. */
  note = (text: string) => process.stderr.write(`${text}\n`);

  /** As JSON of the published schema, or as the lines. */
  show(format: Format, schema: z.ZodType, value: object, lines: () => string[]) {
    this.out(format === 'json' ? [json(schema.parse(value))] : lines());
  }

  close = async () => this.#temporal?.close();
}

export type Format = 'text' | 'json';
export type Register = (program: Command, desk: Desk) => void;

export const output = () =>
  new Option('-o, --output <format>', 'for people or for programs').choices(['text', 'json']).default('text');
export const as = () => new Option('--as <person>', 'your name').default(loginName(), 'your login name');

/** Some containers run as a user who has no name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

// JSON.stringify escapes the control characters below U+0020 only; a terminal obeys others too.
const others = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const json = (value: unknown) => JSON.stringify(value, undefined, 2).replace(others, escaped);
