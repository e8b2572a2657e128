import { type Alert, type Decision } from '../contract/index.ts';

/** What the tolerant converter gives for a payload that it cannot read. */
export interface Malformed {
  malformed: string;
}

/** Longest message of a person that is read at all, in characters of its JSON. */
export const longestMessage = 4096;

type Read<T> = { ok: T } | Malformed;
type Fields = Record<string, unknown>;

/** Reads the arguments of `decide`. Total: whatever comes in, a decision or a reason comes out. */
export function readDecision(args: unknown[]): Read<Decision> {
  return read<Decision>(args, fields => {
    const { question, choice, by } = fields;
    if (!isText(question) || !isText(choice) || !isText(by))
      return {
        malformed: 'a decision needs question, choice and by, each a text: {"question":"…","choice":"…","by":"…"}',
      };
    return { ok: { question, choice, by, ...texts(fields, ['text', 'reason', 'digest']) } };
  });
}

/** Reads the arguments of `acknowledge`, `release` and `cancel`. */
export function readPerson(args: unknown[]): Read<{ by: string; reason?: string }> {
  return read<{ by: string; reason?: string }>(args, fields =>
    isText(fields.by) ? { ok: { by: fields.by, ...texts(fields, ['reason']) } } : { malformed: 'say who you are: {"by":"…"}' },
  );
}

/** Reads the arguments of `alert`. Our own intake wrote it; others may have too. */
export function readAlert(args: unknown[]): Read<Alert> {
  return read<Alert>(
    args,
    fields => {
      const { name, status, fingerprint, startsAt, labels, annotations, source } = fields;
      if (!isText(name) || !isText(fingerprint) || !isText(startsAt) || Number.isNaN(Date.parse(startsAt)))
        return { malformed: 'an alert needs name, fingerprint and startsAt' };
      if (status !== 'firing' && status !== 'resolved') return { malformed: 'the status is firing or resolved' };
      return {
        ok: {
          name,
          status,
          fingerprint,
          startsAt,
          labels: textsOf(labels),
          annotations: textsOf(annotations),
          source: source === 'person' ? 'person' : 'alertmanager',
          ...texts(fields, ['endsAt', 'artifact']),
        },
      };
    },
    16 * longestMessage,
  );
}

function read<T>(args: unknown[], accept: (fields: Fields) => Read<T>, longest = longestMessage): Read<T> {
  if (args.length !== 1) return { malformed: `expected one argument, got ${args.length}` };
  const [value] = args;
  if (!isFields(value)) return { malformed: `expected an object, got ${kindOf(value)}` };
  if (isText(value.malformed)) return { malformed: cut(value.malformed, 200) };
  const length = lengthOf(value);
  if (length > longest) return { malformed: `${length} characters; at most ${longest} are read` };
  return accept(value);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);

/** Length as JSON; what JSON cannot hold is as long as can be. */
function lengthOf(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Of the named fields, those that hold a text. */
function texts<K extends string>(fields: Fields, names: K[]): { [N in K]?: string } {
  return Object.fromEntries(names.filter(name => isText(fields[name])).map(name => [name, fields[name]])) as {
    [N in K]?: string;
  };
}

const textsOf = (value: unknown): Record<string, string> =>
  isFields(value) ? (texts(value, Object.keys(value)) as Record<string, string>) : {};

/** At most so many characters, with a mark where something was cut. */
export const cut = (text: string, longest: number) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
