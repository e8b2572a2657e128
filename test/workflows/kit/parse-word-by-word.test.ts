// What is read from each message of people, and with which words everything else is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readAlert,
  readCancellation,
  readDecision,
  readExtension,
  readNote,
  readPerson,
  readSeverity,
} from '../../../workflows/kit/incident/parse.ts';
import { longestMessage } from '../../../workflows/kit/incident/fields.ts';
import { anAlert } from '../../support/building.ts';

type Reading = (args: unknown[]) => { ok: unknown } | { malformed: string };
const decision = { question: 'cause', choice: 'ours', by: 'ann' };
const extension = { phase: 'Recovery', by: 'ann', reason: 'slow' };
const severity = { severity: 'P0', by: 'ann', reason: 'worse' };
const extensionForm = 'a phase, a reason and the name of the person: {"phase":"…","minutes":15,"by":"…","reason":"…"}';
const minutesOrUntil = `more time is either minutes (at most 1440) or until (RFC 3339). It needs ${extensionForm}`;
const decisionForm = 'a decision needs a question, a choice and the name of the person: {"question":"…","choice":"…","by":"…"}';
const severityForm =
  'a change of severity needs one of P0, P1, P2, P3, a reason and the name of the person: {"severity":"P1","by":"…","reason":"…"}';
const noteForm = 'a note needs a text and the name of the person: {"text":"…","by":"…"}';
const alertForm = 'an alert needs name, fingerprint and startsAt';

const readings: [Reading, object, object][] = [
  [readDecision, { ...decision, text: 'a', reason: 'b', digest: 'c' }, { ...decision, text: 'a', reason: 'b', digest: 'c' }],
  [readDecision, { ...decision, breakGlass: true }, { ...decision, breakGlass: true }],
  [readDecision, { ...decision, breakGlass: false }, decision],
  [readCancellation, { by: 'ann' }, { by: 'ann' }],
  [readCancellation, { by: 'ann', reason: 'a test', falseAlarm: true }, { by: 'ann', reason: 'a test', falseAlarm: true }],
  [readCancellation, { by: 'ann', falseAlarm: false }, { by: 'ann' }],
  [readCancellation, { by: 'ann', falseAlarm: null }, { by: 'ann' }],
  [readPerson, { by: 'ann' }, { by: 'ann' }],
  [readPerson, { by: 'ann', reason: 'I am there' }, { by: 'ann', reason: 'I am there' }],
  [readExtension, { ...extension, minutes: 1 }, { ...extension, minutes: 1 }],
  [readExtension, { ...extension, minutes: 1440 }, { ...extension, minutes: 1440 }],
  [readExtension, { ...extension, until: '2026-11-24T04:00:00Z' }, { ...extension, until: '2026-11-24T04:00:00Z' }],
  [readSeverity, severity, severity],
  [readNote, { text: 'look', by: 'ann', more: 'x' }, { text: 'look', by: 'ann' }],
  [readAlert, { ...anAlert(), endsAt: 'then', artifact: 'digest' }, { ...anAlert(), endsAt: 'then', artifact: 'digest' }],
  [readAlert, { ...anAlert({ status: 'resolved' }), source: 'person' }, anAlert({ status: 'resolved', source: 'person' })],
  [readAlert, { ...anAlert(), source: 'elsewhere', labels: 7, annotations: ['x'] }, anAlert({ labels: {}, annotations: {} })],
  [readAlert, { ...anAlert(), labels: null }, anAlert({ labels: {} })],
];
for (const [read, said, is] of readings)
  test(`${read.name} reads ${JSON.stringify(said)}`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(read([said]))), { ok: is });
  });

const without = (from: object, name: string) => Object.fromEntries(Object.entries(from).filter(([one]) => one !== name));
const lacks = (read: Reading, complete: object, names: string[], because: string) =>
  names.map((name): [Reading, unknown, string] => [read, without(complete, name), because]);

const refusals: [Reading, unknown, string][] = [
  ...lacks(readDecision, decision, ['question', 'choice', 'by'], decisionForm),
  [readDecision, { ...decision, by: ' ' }, decisionForm],
  [readDecision, { ...decision, by: '\ud800' }, decisionForm],
  [readDecision, { ...decision, breakGlass: 'yes' }, 'breakGlass must be true, or absent'],
  [readDecision, { ...decision, text: 7 }, 'text must be a text, or absent'],
  [readDecision, { ...decision, reason: 7, text: 7 }, 'text must be a text, or absent'],
  [readDecision, { ...decision, reason: 7 }, 'reason must be a text, or absent'],
  [readCancellation, {}, 'the name of the person is missing: {"by":"…","reason":"…"}'],
  [readCancellation, { by: 'ann', falseAlarm: 'yes' }, 'falseAlarm must be true, false or absent'],
  [readCancellation, { by: 'ann', reason: 7 }, 'reason must be a text, or absent'],
  [readPerson, {}, 'the name of the person is missing: {"by":"…"}'],
  [readPerson, { by: 'ann', reason: 7 }, 'reason must be a text, or absent'],
  ...lacks(readExtension, { ...extension, minutes: 5 }, ['phase', 'by', 'reason'], `more time needs ${extensionForm}`),
  [readExtension, extension, minutesOrUntil],
  [readExtension, { ...extension, minutes: 0 }, minutesOrUntil],
  [readExtension, { ...extension, minutes: 1441 }, minutesOrUntil],
  [readExtension, { ...extension, minutes: '5' }, minutesOrUntil],
  [readExtension, { ...extension, minutes: 5, until: '2026-11-24T04:00:00Z' }, minutesOrUntil],
  [readExtension, { ...extension, until: 'soon' }, minutesOrUntil],
  [readExtension, { ...extension, until: 7 }, minutesOrUntil],
  ...lacks(readSeverity, severity, ['severity', 'by', 'reason'], severityForm),
  [readSeverity, { ...severity, severity: 'P9' }, severityForm],
  ...lacks(readNote, { text: 'look', by: 'ann' }, ['text', 'by'], noteForm),
  ...lacks(readAlert, anAlert(), ['name', 'fingerprint', 'startsAt'], alertForm),
  [readAlert, { ...anAlert(), startsAt: 'yesterday' }, alertForm],
  [readAlert, { ...anAlert(), startsAt: 7 }, alertForm],
  [readAlert, { ...anAlert(), status: 'pending' }, 'the status must be firing or resolved'],
  [readAlert, { ...anAlert(), endsAt: 7 }, 'endsAt must be a text, or absent'],
  [readAlert, { ...anAlert(), artifact: 7 }, 'artifact must be a text, or absent'],
  [readNote, null, 'expected an object, got null'],
  [readNote, ['look'], 'expected an object, got a list'],
  [readNote, 'look', 'expected an object, got a string'],
  [readNote, 7, 'expected an object, got a number'],
  [readNote, { malformed: 'not JSON' }, 'not JSON'],
  [readNote, { malformed: 'x'.repeat(300) }, `${'x'.repeat(199)}…`],
];
for (const [read, said, because] of refusals)
  test(`${read.name} refuses ${JSON.stringify(said)}: ${because}`, () => {
    assert.deepEqual(read([said]), { malformed: because });
  });

test('there is exactly one argument', () => {
  assert.deepEqual(readNote([]), { malformed: 'expected one argument, got 0' });
  assert.deepEqual(readNote([{ text: 'a', by: 'b' }, 1]), { malformed: 'expected one argument, got 2' });
});

test('a message of 4096 bytes is read, one of more is not, and an alert may be sixteen times as long', () => {
  const note = (bytes: number) => ({ text: 'x'.repeat(bytes - JSON.stringify({ text: '', by: 'ann' }).length), by: 'ann' });
  assert.equal(longestMessage, 4096);
  assert.equal('ok' in readNote([note(4096)]), true);
  assert.deepEqual(readNote([note(4097)]), { malformed: '4097 bytes; at most 4096 are read' });
  const bytes = JSON.stringify(anAlert({ artifact: '' })).length;
  const alert = (length: number) => anAlert({ artifact: 'x'.repeat(length - bytes) });
  assert.equal('ok' in readAlert([alert(65_536)]), true);
  assert.deepEqual(readAlert([alert(65_537)]), { malformed: '65537 bytes; at most 65536 are read' });
});

test('bytes are counted, not characters; what JSON cannot hold is too long', () => {
  assert.match(JSON.stringify(readNote([{ text: '€'.repeat(1500), by: 'ann' }])), /4522 bytes; at most 4096 are read/);
  assert.deepEqual(readNote([{ text: 'a', by: 'ann', more: 1n }]), { malformed: 'Infinity bytes; at most 4096 are read' });
});

test('of labels and annotations only texts are read', () => {
  const read = readAlert([
    { ...anAlert(), labels: { severity: 'critical', pod: 7, cluster: '' }, annotations: { summary: ' ' } },
  ]);
  assert.deepEqual(read, { ok: anAlert({ labels: { severity: 'critical' }, annotations: {} }) });
});
