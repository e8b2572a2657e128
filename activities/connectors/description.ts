/** One outside system as configuration, documents and doctor know it: its variables, how to connect it, what is examined. */

import { z } from 'zod';
import type { OnCall } from '../people.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from './http.ts';
import type { Line } from './line.ts';
import type { Secrets } from './pager.ts';

/** The meaning of a variable, as `.env.example` and the table in docs/variables.md print it. */
export interface Documented {
  means: string;
  /** The loss without it. */
  without?: string;
  /** It may also lie in a file, `<NAME>_FILE`. */
  secret?: true;
  example?: string;
  /** Printed as set, and not as a comment. */
  needed?: true;
}
export const documented = z.registry<Documented>();

export const text = z.string().min(1);

/** `SOME_URL is not an http or https address`. */
export const faultsIn = ({ issues }: z.ZodError) => issues.map(({ path, message }) => `${path.join('.')} ${message}`);

/** The environment as a system reads it. */
export interface Given {
  /** Without empty variables; secrets as the files hold them that are named instead. */
  variables: Record<string, string | undefined>;
  /** Asked again whenever it is needed: a file may have changed. */
  secrets: Secrets;
  /** The variables that roles and people name for a way to page them. */
  named: Record<string, string[]>;
}

export interface Seen<C, S> {
  /** Absent where it is not connected. */
  system: S | undefined;
  config: C | undefined;
  platform: Platform;
  onCall: OnCall;
  wire: Wire;
}

/** A check that incidents trust, asked at start, every hour and by doctor. */
export interface TrustedCheck<S> {
  name: string;
  /** The variable that connects it. */
  variable: string;
  address: (system: S) => string | undefined;
  /** The section of the platform description that it belongs to. */
  needs?: 'quantum' | 'access';
  /** Its activity type, and its input. */
  activity: string;
  input: object;
  /** Its names in the memory of when it was healthy: at that address, and at Prometheus, which looks from outside. */
  inside: string;
  outside?: string;
}

interface Description<V extends z.ZodRawShape, C extends object, S> {
  variables: z.ZodObject<V>;
  /** Nothing where it is not connected. */
  configure: (values: z.output<z.ZodObject<V>>, given: Given) => C | undefined;
  /** The halves of a configuration that are missing: `SOME_TOKEN is missing, but …`. */
  missing?: (values: z.output<z.ZodObject<V>>, given: Given) => (string | false | undefined)[];
  connect: (config: C, wire: Wire) => S;
  /** Reads that cost nothing and reach no one. */
  examined?: { name: string; examine: (seen: Seen<C, S>) => Promise<Line | Line[]> };
  checks?: TrustedCheck<S>[];
}

export interface System<C, S> {
  variables: Record<string, z.ZodType>;
  /** Its configuration, and every fault of the variables. */
  read: (given: Given) => { config?: C | undefined; faults: string[] };
  connect: (config: C, wire: Wire) => S;
  examined?: { name: string; examine: (seen: Seen<C, S>) => Promise<Line | Line[]> } | undefined;
  checks: TrustedCheck<S>[];
}

export function describeSystem<V extends Record<string, z.ZodType>, C extends object, S>(
  described: Description<V, C, S>,
): System<C, S> {
  const { variables, configure, missing = () => [], connect, examined, checks = [] } = described;
  return {
    variables: variables.shape,
    read(given) {
      const parsed = variables.safeParse(given.variables);
      if (!parsed.success) return { faults: faultsIn(parsed.error) };
      const faults = missing(parsed.data, given).filter(fault => typeof fault === 'string');
      return { config: configure(parsed.data, given), faults };
    },
    connect,
    examined,
    checks,
  };
}
