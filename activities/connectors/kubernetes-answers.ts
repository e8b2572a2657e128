/** Answers of the API server: a refusal in its own words, without the JSON around them. */

import { z } from 'zod';
import { type Answer, jsonOf, sentenceIn } from './http.ts';
import { quoted, type Refusal, SystemError } from './system-error.ts';

const system = 'Kubernetes';

const statusBody = z.looseObject({
  kind: z.literal('Status'),
  message: z.string(),
  details: z.looseObject({ retryAfterSeconds: z.number().optional() }).optional(),
});

/** A refusal in the server's words, without the JSON around them. */
export function explained(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const status = statusBody.safeParse(jsonOf(answer.text));
  const retryAfter = answer.retryAfter ?? seconds(status.data?.details?.retryAfterSeconds);
  const words = quoted(status.data?.message ?? sentenceIn(answer.text)) || 'nothing';
  const refusal = refusalIn(words);
  throw new SystemError({
    system,
    fault: 'answered',
    status: answer.status,
    text: `answered ${answer.status}: ${refusal === undefined ? '' : `${refusals[refusal]}: `}${words}`,
    refusal,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

const refusals: Record<Refusal, string> = { immutable: 'is immutable', policy: 'a policy of the cluster refuses' };

/** The words of a ValidatingAdmissionPolicy or a webhook, and those about an object that nobody can change. */
function refusalIn(words: string): Refusal | undefined {
  if (/field is immutable when `immutable` is set/.test(words)) return 'immutable';
  return /denied (the )?request/.test(words) ? 'policy' : undefined;
}

const seconds = (count?: number) => (count === undefined ? undefined : count * 1000);
