import type { temporal } from '@temporalio/proto';
import type { Job } from '../../worker/rehearsal/sandbox.ts';

type Payload = temporal.api.common.v1.IPayload;

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);

/** Payloads as a person or a broken client may send them, byte for byte. */
export const json = (text: string): Payload => ({ metadata: { encoding: encode('json/plain') }, data: encode(text) });
export const binary = (encoding: string, bytes = new Uint8Array([0, 255, 1])): Payload => ({
  metadata: { encoding: encode(encoding) },
  data: bytes,
});

export const signalled = (signalName: string, ...input: Payload[]): Job => ({
  signalWorkflow: { signalName, input, identity: 'somebody', headers: {} },
});

export const updated = (name: string, ...input: Payload[]): Job => ({
  doUpdate: { id: name, protocolInstanceId: name, name, input, headers: {}, meta: { updateId: name }, runValidator: false },
});

const good = { question: 'what-is-the-cause', choice: 'Dynex Platform Issue', by: 'mallory' };
export const decision = (change: object = {}) => JSON.stringify({ ...good, ...change });

/** Every kind of thing that is no decision, by what is wrong with it. */
export const noDecisions: Record<string, Payload[]> = {
  'broken JSON': [json('{"question":')],
  'an empty body': [json('')],
  'no payload': [],
  'two payloads': [json(decision()), json(decision())],
  'one good and one broken payload': [json(decision()), json('{')],
  'binary/null': [binary('binary/null')],
  'binary/plain': [binary('binary/plain')],
  'an unknown encoding': [binary('binary/encrypted')],
  'a payload without encoding': [{ data: encode(decision()) }],
  '1 MiB of text': [json(JSON.stringify('a'.repeat(1024 * 1024)))],
  'more than 4 KiB': [json(decision({ reason: 'a'.repeat(4096) }))],
  'more than 4 KiB of three-byte characters': [json(decision({ reason: '€'.repeat(1400) }))],
  'a number': [json('7')],
  null: [json('null')],
  'a list': [json(`[${decision()}]`)],
  'a text': [json(JSON.stringify(decision()))],
  'an empty object': [json('{}')],
  'a choice that is a number': [json(decision({ choice: 1 }))],
  'a name that is an object': [json(decision({ by: { name: 'ann' } }))],
  'a blank name': [json(decision({ by: ' ' }))],
  'all of it under __proto__': [json(`{"__proto__":${decision()}}`)],
  'a question called __proto__': [json(decision({ question: '__proto__' }))],
  'a choice called constructor': [json(decision({ choice: 'constructor' }))],
  'a lone surrogate for a name': [json(`{"question":"what-is-the-cause","choice":"Dynex Platform Issue","by":"\\ud800"}`)],
  'a lone surrogate in the reason': [json(decision({ reason: '#' }).replace('#', '\\udfff'))],
  'deep nesting': [json(decision({ reason: '#' }).replace('"#"', `${'['.repeat(2000)}${']'.repeat(2000)}`))],
};
