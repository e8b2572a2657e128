/** Lines of a log: for people, or as JSON for whoever collects logs. No secret that the process was given is in them. */

export const logForms = ['text', 'json'] as const;
export type LogForm = (typeof logForms)[number];

export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  level: string;
  message: string;
  /** Incident, step, and what else is known. */
  fields?: Readonly<Record<string, unknown>>;
}

interface Log {
  form: LogForm;
  /** The process that writes. */
  name: string;
  secrets: readonly string[];
  write: (text: string) => void;
}

/** Characters of a message, and of an error. */
const longest = 8_000;
/** Characters; shorter secrets would hide words. */
const shortest = 8;
/** How many errors are told that caused one another. */
const mostCauses = 4;

/** Longest first: of a secret that begins with another one the rest would stay. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter(({ length }) => length >= shortest).toSorted((one, other) => other.length - one.length);
  return text => known.reduce((rest, secret) => rest.replaceAll(secret, '<hidden>'), text);
}

export function logTo({ form, name, secrets, write }: Log): (line: LogLine) => void {
  const hidden = hiding(secrets);
  const told = (text: string) => hidden(text).slice(0, longest);
  return ({ at, level, message, fields = {} }) => {
    const time = new Date(at).toISOString();
    const known = Object.entries(fields).flatMap(([field, value]) => {
      const text = told(textOf(value));
      return text === '' ? [] : [[field, text] as const];
    });
    if (form === 'json')
      return write(
        JSON.stringify({ time, level: level.toLowerCase(), process: name, message: told(message), ...Object.fromEntries(known) }),
      );
    const more = known.map(([field, text]) => `${field}=${text}`).join(' ');
    return write(`${time} [${level}] ${told(message)}${more && ` ${more}`}`);
  };
}

function textOf(value: unknown): string {
  if (value instanceof Error) return errorText(value);
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

/** With its causes, and without fields: an answer may be in one. */
function errorText(error: Error): string {
  const texts: string[] = [];
  for (let one: unknown = error; one instanceof Error && texts.length < mostCauses; one = one.cause)
    texts.push(one.stack ?? String(one));
  return texts.join('\ncaused by ');
}

/** Each value that lies in one of these variables, as it is given or with commas between. */
export const secretsIn = (environment: Readonly<Record<string, string | undefined>>, names: readonly string[]) =>
  names.flatMap(name => (environment[name] ?? '').split(',').map(secret => secret.trim())).filter(secret => secret !== '');
