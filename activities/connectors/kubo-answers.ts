/** Answers of Kubo's RPC. It answers 500 for every refusal, with `Message`; and 200 also where an error comes after the first line. */

import { z } from 'zod';
import { type Answer, type Asked, accepted, jsonOf, parsed, sentenceIn } from './http.ts';
import { quoted, SystemError } from './system-error.ts';

export const system = 'IPFS';

const failed = z.looseObject({ Message: z.string(), Type: z.literal('error') });

const saidIn = (text: string): string | undefined => failed.safeParse(jsonOf(text)).data?.Message;

/** It was refused for this reason. */
export const refused = ({ status, text }: Answer, reason: RegExp) => status === 500 && reason.test(saidIn(text) ?? '');

/** Nothing that it knows, or can find within its time, has this CID. */
export const resolvesNowhere = (answer: Answer) =>
  refused(answer, /not found|could not find|deadline exceeded|invalid path|no link named/);

/** The answer if it is a success all through. @throws SystemError with what it said otherwise. */
export function succeeded(answer: Answer): Answer {
  const { status, text } = answer;
  const said = lines(text).map(saidIn).find(Boolean);
  if (said !== undefined && status !== 200)
    throw new SystemError({ system, fault: 'answered', status, text: `answered ${status}: ${quoted(said)}` });
  if (said !== undefined)
    throw new SystemError({ system, fault: 'garbled', status, text: `answered 200 with an error inside: ${quoted(said)}` });
  return accepted(system, answer);
}

/** @throws SystemError */
export const answerOf = <T>(schema: z.ZodType<T>, answer: Answer): T => parsed(system, schema, succeeded(answer));

/** One object in each line. @throws SystemError */
export function linesOf<T>(schema: z.ZodType<T>, answer: Answer): T[] {
  return lines(succeeded(answer).text).map(line => {
    const one = schema.safeParse(jsonOf(line));
    if (one.success) return one.data;
    const said = `answered ${answer.status} with something else than expected: ${sentenceIn(line)}`;
    throw new SystemError({ system, fault: 'garbled', status: answer.status, text: said });
  });
}

const lines = (text: string) => text.split('\n').filter(line => line.trim() !== '');

/** A text as a file. */
export function formOf(content: string): Asked {
  const boundary = `nqba-${crypto.randomUUID()}`;
  const head = 'content-disposition: form-data; name="file"; filename="record"\r\ncontent-type: application/octet-stream';
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\n${head}\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  };
}
