import { admitAnnotations, admitLabels } from '../../catalog/index.ts';
import { type Alert, type Decision, severities } from '../../contract/index.ts';
import type { Event } from '../record/events.ts';
import { type Read, readName } from './names.ts';
import { bytesOf, cut } from '../record/text.ts';

/** Longest message of a person that is read at all, in bytes of its JSON. */
export const longestMessage = 4096;

type Fields = Record<string, unknown>;

/** Reads the arguments of `decide`. Total: whatever comes in, a decision or a reason comes out. */
export function readDecision(args: unknown[]): Read<Decision> {
  return readFrom<Decision>(args, fields => {
    const { question, choice, by } = fields;
    if (!isText(question) || !isText(choice) || !isText(by))
      return {
        malformed: 'a decision needs a question, a choice and the name of the person: {"question":"…","choice":"…","by":"…"}',
      };
    const { breakGlass, digest } = fields;
    if (digest === '') return { malformed: 'the digest must be that of the plan, or absent' };
    if (breakGlass !== undefined && typeof breakGlass !== 'boolean') return { malformed: 'breakGlass must be true, or absent' };
    return withTexts({ question, choice, by, ...(breakGlass && { breakGlass }) }, fields, ['text', 'reason', 'digest']);
  });
}

/** Reads the arguments of `cancel`. */
export function readCancellation(args: unknown[]): Read<Extract<Event, { kind: 'cancel' }>> {
  return readFrom<Extract<Event, { kind: 'cancel' }>>(args, fields => {
    const { by, falseAlarm } = fields;
    if (!isText(by)) return { malformed: 'the name of the person is missing: {"by":"…","reason":"…"}' };
    if (![true, false, null, undefined].some(known => known === falseAlarm))
      return { malformed: 'falseAlarm must be true, false or absent' };
    return withTexts({ kind: 'cancel', by, ...(falseAlarm === true && { falseAlarm }) } as const, fields, ['reason']);
  });
}

/** Reads the arguments of `acknowledge` and `release`. */
export function readPerson(args: unknown[]): Read<{ by: string; reason?: string }> {
  return readFrom<{ by: string; reason?: string }>(args, fields =>
    isText(fields.by)
      ? withTexts({ by: fields.by }, fields, ['reason'])
      : { malformed: 'the name of the person is missing: {"by":"…"}' },
  );
}

/** Longest extension, in minutes: a day. */
const longestExtension = 1440;

/** Reads the arguments of `extend`. */
export function readExtension(args: unknown[]): Read<Extract<Event, { kind: 'extend' }>> {
  return readFrom<Extract<Event, { kind: 'extend' }>>(args, fields => {
    const { phase, by, reason, minutes, until } = fields;
    if (!isText(phase) || !isText(by) || !isText(reason)) return { malformed: `more time needs ${extensionForm}` };
    const said = { kind: 'extend', phase, by, reason } as const;
    if (until === undefined && typeof minutes === 'number' && minutes > 0 && minutes <= longestExtension)
      return { ok: { ...said, minutes } };
    if (minutes === undefined && isText(until) && !Number.isNaN(Date.parse(until))) return { ok: { ...said, until } };
    return {
      malformed: `more time is either minutes (at most ${longestExtension}) or until (RFC 3339). It needs ${extensionForm}`,
    };
  });
}
const extensionForm = 'a phase, a reason and the name of the person: {"phase":"…","minutes":15,"by":"…","reason":"…"}';

/** Reads the arguments of `severity`. */
export function readSeverity(args: unknown[]): Read<Extract<Event, { kind: 'severity' }>> {
  return readFrom<Extract<Event, { kind: 'severity' }>>(args, ({ severity, by, reason }) => {
    const known = severities.find(one => one === severity);
    return known && isText(by) && isText(reason)
      ? { ok: { kind: 'severity', severity: known, by, reason } }
      : {
          malformed: `a change of severity needs one of ${severities.join(', ')}, a reason and the name of the person: {"severity":"P1","by":"…","reason":"…"}`,
        };
  });
}

/** Reads the arguments of `note`. */
export function readNote(args: unknown[]): Read<Extract<Event, { kind: 'note' }>> {
  return readFrom<Extract<Event, { kind: 'note' }>>(args, ({ text, by }) =>
    isText(text) && isText(by)
      ? { ok: { kind: 'note', text, by } }
      : { malformed: 'a note needs a text and the name of the person: {"text":"…","by":"…"}' },
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
      if (status !== 'firing' && status !== 'resolved') return { malformed: 'the status must be firing or resolved' };
      const said = {
        name,
        status,
        fingerprint,
        startsAt,
        labels: admitLabels(textsOf(labels)),
        annotations: admitAnnotations(textsOf(annotations)),
        source: source === 'person' ? source : 'alertmanager',
      } as const;
      return withTexts(said, fields, ['endsAt', 'artifact']);
    },
    16 * longestMessage,
  );
}

/** Reads a message of a person: whoever sends it has a name as it is shown. */
const readFrom = <T>(args: unknown[], accept: (fields: Fields) => Read<T>): Read<T> =>
  read(args, fields => {
    if (!isText(fields['by'])) return accept(fields);
    const name = readName(fields['by']);
    return 'malformed' in name ? name : accept({ ...fields, by: name.ok });
  });

function read<T>(args: unknown[], accept: (fields: Fields) => Read<T>, longest = longestMessage): Read<T> {
  if (args.length !== 1) return { malformed: `expected one argument, got ${args.length}` };
  const [value] = args;
  if (!isFields(value)) return { malformed: `expected an object, got ${kindOf(value)}` };
  if (isText(value.malformed)) return { malformed: cut(value.malformed, 200) };
  const length = lengthOf(value);
  if (length > longest) return { malformed: `${length} bytes; at most ${longest} are read` };
  return accept(value);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && value.isWellFormed();
const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);

/** Bytes as JSON; what JSON cannot hold is as long as can be. */
function lengthOf(value: unknown): number {
  try {
    return bytesOf(JSON.stringify(value));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Adds those of the named fields that are there; each must be a text, because one that is not read would be believed to count. */
function withTexts<T, K extends string>(said: T, fields: Fields, names: K[]): Read<T & { [N in K]?: string }> {
  const given = names.filter(name => fields[name] !== undefined && fields[name] !== null && fields[name] !== '');
  const wrong = given.find(name => !isText(fields[name]));
  if (wrong !== undefined) return { malformed: `${wrong} must be a text, or absent` };
  const texts = Object.fromEntries(given.map(name => [name, fields[name]])) as { [N in K]?: string };
  return { ok: { ...said, ...texts } };
}

const textsOf = (value: unknown): Record<string, string> =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter((field): field is [string, string] => isText(field[1]))) : {};
