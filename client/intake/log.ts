/** The log of the intake, without the secrets that senders, systems and pagers were given. */

import { secretNames } from '../../activities/connectors/given.ts';
import { hiding, logForms, logTo, secretsIn } from '../../activities/log.ts';
import { pagingSecrets } from '../../activities/paging-secrets.ts';
import { readOnCall } from '../../activities/people.ts';
import { readPlatform } from '../../activities/platform.ts';
import { type Environment, platformFile, rolesFile, secret, value } from '../environment.ts';
import { Usage } from '../errors.ts';
import { signing, variables } from './tokens.ts';

interface Log {
  say: (line: string) => void;
  /** The last line: a person reads it as it is, whoever collects logs as one of theirs. */
  fail: (message: string, exit: number) => never;
}

export const write = (text: string) => void process.stderr.write(`${text}\n`);

/** Throws `Usage`. */
export async function logIn(environment: Environment): Promise<Log> {
  const form = logForms.find(one => one === (value(environment, 'RUNBOOKS_LOG') ?? 'text'));
  if (!form) throw new Usage('RUNBOOKS_LOG must be text or json.');
  const secrets = await secretsOf(environment);
  const log = logTo({ form, name: 'intake', secrets, write });
  const hidden = hiding(secrets);
  return {
    say: message => log({ at: Date.now(), level: 'INFO', message }),
    fail: (message, exit) => {
      if (form === 'json') log({ at: Date.now(), level: 'ERROR', message });
      else write(hidden(message));
      process.exit(exit);
    },
  };
}

async function secretsOf(environment: Environment): Promise<string[]> {
  const ours = ['TEMPORAL_API_KEY', 'INTAKE_TOKEN', ...Object.values(variables), ...Object.values(signing)];
  const named = await namedForPaging(environment);
  const names = [...new Set([...secretNames({ named }), ...ours])];
  const inFiles = Object.fromEntries(names.map(name => [name, inFile(environment, name)]));
  return [...secretsIn(environment, names), ...secretsIn(inFiles, names)];
}

/** A description that cannot be read is told where it is needed. */
async function namedForPaging(environment: Environment): Promise<Record<string, string[]>> {
  try {
    return pagingSecrets(await readPlatform(platformFile(environment)), await readOnCall(rolesFile(environment)));
  } catch {
    return {};
  }
}

/** A file that cannot be read hides nothing, and is told where it is needed. */
function inFile(environment: Environment, name: string): string | undefined {
  try {
    return secret({ ...environment, [name]: undefined }, name);
  } catch {
    return undefined;
  }
}
