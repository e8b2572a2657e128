// Who wrote what to the API server, read from its own audit log: the proof that needs no one's word.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** One write that took effect. */
export interface Write {
  /** RFC 3339, when the API server had answered. */
  time: string;
  user: string;
  verb: 'create' | 'update' | 'patch' | 'delete';
  /** Plural, with a subresource after a slash: `deployments`, `deployments/scale`. */
  resource: string;
  namespace: string;
  name: string;
  uri: string;
  userAgent: string;
  code: number;
  /** The body that was sent: the patch, or the object. */
  body: unknown;
  /** The whole object as it was after the write. */
  after: unknown;
}

const entry = z.looseObject({
  stage: z.string(),
  requestURI: z.string(),
  verb: z.string(),
  user: z.looseObject({ username: z.string() }),
  userAgent: z.string().default(''),
  objectRef: z
    .looseObject({
      resource: z.string(),
      subresource: z.string().optional(),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
  responseStatus: z.looseObject({ code: z.number() }).optional(),
  requestObject: z.unknown().optional(),
  responseObject: z.unknown().optional(),
  stageTimestamp: z.string(),
});
type Entry = z.infer<typeof entry>;

const verbs = z.enum(['create', 'update', 'patch', 'delete']);
const unrecorded = /^(events|leases|.*accessreviews|selfsubjectreviews|tokenreviews)$/;

/**
 * The writes of these users in the order in which they were answered: create, update, patch or delete, answered below
 * 400, no dry run, not on events, leases or access reviews. The log is some milliseconds behind the answer.
 */
export async function writes(auditLog: string, users: readonly string[]): Promise<Write[]> {
  const lines = (await readFile(auditLog, 'utf8')).split('\n').slice(0, -1);
  return lines
    .filter(line => users.some(user => line.includes(`"username":"${user}"`)))
    .map(line => entry.parse(JSON.parse(line)))
    .filter(({ user }) => users.includes(user.username))
    .flatMap(asWrite);
}

function asWrite(entry: Entry): Write[] {
  const { objectRef: object, responseStatus } = entry;
  const verb = verbs.safeParse(entry.verb);
  const code = responseStatus?.code ?? 0;
  const took = entry.stage === 'ResponseComplete' && code > 0 && code < 400 && !entry.requestURI.includes('dryRun=');
  if (!took || !verb.success || object === undefined || unrecorded.test(object.resource)) return [];
  return [
    {
      time: entry.stageTimestamp,
      user: entry.user.username,
      verb: verb.data,
      resource: object.subresource === undefined ? object.resource : `${object.resource}/${object.subresource}`,
      namespace: object.namespace,
      name: object.name,
      uri: entry.requestURI,
      userAgent: entry.userAgent,
      code,
      body: entry.requestObject,
      after: entry.responseObject,
    },
  ];
}
