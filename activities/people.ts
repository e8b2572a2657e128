/** The on-call people of `roles.json`: people, how and when they are reached, and who comes first. */

import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type Role, roles } from '../workflows/contract/vocabulary.ts';
import { hours } from './hours.ts';

const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .@_-]{0,59}$/u, 'write a name as people sign with --as: letters, digits, spaces and .@_-');
const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'name the environment variable that holds the secret, never the secret itself');

const person = z.strictObject({
  mail: z.email('write one mail address, without a name').max(254).optional(),
  webhook: variable.optional().describe('Name of the variable that holds the URL; the URL is a secret'),
  pagerduty: variable.optional().describe('Name of the variable that holds the routing key'),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{1,20}$/, 'write the member ID that stands in the profile, such as U012AB3CD')
    .optional()
    .describe('Member ID in Slack, for invitations to channels of incidents; never a way to page'),
  hours: hours.optional().describe('When this person may be reached; always, where absent'),
});
export type Person = z.infer<typeof person>;

export const onCallSchema = z
  .strictObject({
    $schema: z.string().optional(),
    people: z.record(name, person).default({}).describe('By the name with which they sign'),
    roles: z
      .record(z.string().min(1).max(100), z.array(name).max(20).describe('Who is paged first, who next'))
      .default({})
      .describe('Who has which role'),
  })
  .superRefine(({ people, roles }, context) => {
    for (const [role, names] of Object.entries(roles))
      for (const unknown of names.filter(name => !Object.hasOwn(people, name)))
        context.addIssue({ code: 'custom', path: ['roles', role], message: `${unknown} is not among people` });
    for (const [, [one, other]] of Map.groupBy(Object.keys(people), name => name.toLowerCase()))
      if (other) context.addIssue({ code: 'custom', path: ['people', other], message: `is the same name as ${one}` });
  });
export type OnCall = z.infer<typeof onCallSchema>;

export const nobody: OnCall = { people: {}, roles: {} };

/** Each person that is described, with the roles that they have. */
export const peopleFrom = ({ people, roles: order }: OnCall): Record<string, Role[]> =>
  Object.fromEntries(Object.keys(people).map(name => [name, inOrder(order).filter(role => order[role]?.includes(name))]));

/** The shipped ones first, as the kit has them. */
const inOrder = (order: OnCall['roles']): Role[] => [...new Set([...roles, ...Object.keys(order)])];

/** @throws an `Error` that names every wrong path. */
export function parseOnCall(text: string): OnCall {
  const parsed = onCallSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || '(the whole)'}: ${message}`);
  throw new Error(`Who is on call is not described validly. Correct:\n${faults.join('\n')}`);
}

const mostBytes = 262_144;

/** Nothing where there is no such file. @throws an `Error` that names the file and what to correct. */
export async function readOnCall(file: string): Promise<OnCall | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile() || found.size > mostBytes) throw new Error(`It must be a file of at most ${mostBytes / 1024} KiB.`);
    return parseOnCall(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The JSON Schema of `roles.json`, for editors. */
export const onCallJsonSchema = () => z.toJSONSchema(onCallSchema, { io: 'input' });
