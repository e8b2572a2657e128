import { admitAnnotations, admitLabels } from '../../catalog/index.ts';
import { alertSources, type Messages, type Person, severities } from '../../contract/index.ts';
import { type Fields, isText, isTime, longestMessage, read, textsOf, withTexts } from './fields.ts';
import { type Read, readName } from './names.ts';
import { pastedIn } from './pasted.ts';

/** Reads the arguments of `decide`. Total: whatever comes in, a decision or a reason comes out. */
export function readDecision(args: unknown[]): Read<Messages['decide']> {
  return readFrom<Messages['decide']>(args, fields => {
    const { question, choice, by } = fields;
    if (!isText(question) || !isText(choice) || !isText(by))
      return {
        malformed: 'a decision needs a question, a choice and the name of the person: {"question":"…","choice":"…","by":"…"}',
      };
    const { breakGlass, digest } = fields;
    if (digest === '') return { malformed: 'the digest must be that of the plan, or absent' };
    if (breakGlass !== undefined && typeof breakGlass !== 'boolean') return { malformed: 'breakGlass must be true, or absent' };
    return withTexts({ question, choice, by, breakGlass: breakGlass || undefined }, fields, ['text', 'reason', 'digest']);
  });
}

/** Reads the arguments of `cancel`. */
export function readCancellation(args: unknown[]): Read<Messages['cancel']> {
  return readFrom<Messages['cancel']>(args, fields => {
    const { by, falseAlarm } = fields;
    if (!isText(by)) return { malformed: 'the name of the person is missing: {"by":"…","reason":"…"}' };
    if (![true, false, null, undefined].some(known => known === falseAlarm))
      return { malformed: 'falseAlarm must be true, false or absent' };
    return withTexts({ by, falseAlarm: falseAlarm === true ? falseAlarm : undefined }, fields, ['reason']);
  });
}

/** Reads the arguments of `acknowledge`, `takeOver` and `release`. */
export function readPerson(args: unknown[]): Read<Person> {
  return readFrom<Person>(args, fields =>
    isText(fields.by)
      ? withTexts({ by: fields.by }, fields, ['reason'])
      : { malformed: 'the name of the person is missing: {"by":"…"}' },
  );
}

/** Longest extension, in minutes: a day. */
const longestExtension = 1440;

/** Reads the arguments of `extend`. */
export function readExtension(args: unknown[]): Read<Messages['extend']> {
  return readFrom<Messages['extend']>(args, fields => {
    const { phase, by, reason, minutes, until } = fields;
    if (!isText(phase) || !isText(by) || !isText(reason)) return { malformed: `more time needs ${extensionForm}` };
    const said = { phase, by, reason };
    if (until === undefined && typeof minutes === 'number' && minutes > 0 && minutes <= longestExtension)
      return { ok: { ...said, minutes } };
    if (minutes === undefined && isText(until) && isTime(until)) return { ok: { ...said, until } };
    return {
      malformed: `more time is either minutes (at most ${longestExtension}) or until (RFC 3339). It needs ${extensionForm}`,
    };
  });
}
const extensionForm = 'a phase, a reason and the name of the person: {"phase":"…","minutes":15,"by":"…","reason":"…"}';

/** Reads the arguments of `severity`. */
export function readSeverity(args: unknown[]): Read<Messages['severity']> {
  return readFrom<Messages['severity']>(args, ({ severity, by, reason }) => {
    const known = severities.find(one => one === severity);
    return known && isText(by) && isText(reason)
      ? { ok: { severity: known, by, reason } }
      : {
          malformed: `a change of severity needs one of ${severities.join(', ')}, a reason and the name of the person: {"severity":"P1","by":"…","reason":"…"}`,
        };
  });
}

/** Reads the arguments of `note`. */
export function readNote(args: unknown[]): Read<Messages['note']> {
  return readFrom<Messages['note']>(args, ({ text, by }) =>
    isText(text) && isText(by)
      ? { ok: { text, by } }
      : { malformed: 'a note needs a text and the name of the person: {"text":"…","by":"…"}' },
  );
}

/** Reads the arguments of `undone`: our own workflow sends it, and the key of a change is as long as a secret. */
export function readUndone(args: unknown[]): Read<Messages['undone']> {
  return readSigned<Messages['undone']>(args, ({ key, by }) =>
    isText(key) && isText(by) ? { ok: { key, by } } : { malformed: 'it needs {"key":"of the change","by":"…"}' },
  );
}

/** Reads the arguments of `alert`. Our own intake wrote it; others may have too. */
export function readAlert(args: unknown[]): Read<Messages['alert']> {
  return read<Messages['alert']>(args, alertIn, 16 * longestMessage);
}

/** An alert of any length. */
export function alertIn(fields: Fields): Read<Messages['alert']> {
  const { name, status, fingerprint, startsAt, labels, annotations, source } = fields;
  if (!isText(name) || !isText(fingerprint) || !isText(startsAt) || !isTime(startsAt))
    return { malformed: 'an alert needs name, fingerprint and startsAt' };
  if (status !== 'firing' && status !== 'resolved') return { malformed: 'the status must be firing or resolved' };
  const said = {
    name,
    status,
    fingerprint,
    startsAt,
    labels: admitLabels(textsOf(labels)),
    annotations: admitAnnotations(textsOf(annotations)),
    source: alertSources.find(one => one === source) ?? 'alertmanager',
  } as const;
  return withTexts(said, fields, ['endsAt', 'artifact']);
}

/** Reads a message of a person: whoever sends it has a name as it is shown, and no secret in it is read. */
const readFrom = <T>(args: unknown[], accept: (fields: Fields) => Read<T>): Read<T> =>
  pastedIn(...args) ?? readSigned(args, accept);

const readSigned = <T>(args: unknown[], accept: (fields: Fields) => Read<T>): Read<T> =>
  read(args, fields => {
    if (!isText(fields['by'])) return accept(fields);
    const name = readName(fields['by']);
    return 'malformed' in name ? name : accept({ ...fields, by: name.ok });
  });
