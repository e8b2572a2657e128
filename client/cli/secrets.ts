/** A text that looks like a secret is refused before it is sent anywhere: Temporal would keep it. */

import type { Command } from 'commander';
import { secretAmong } from '../../workflows/contract/index.ts';
import { Refused } from '../errors.ts';

/** Commands whose last argument is what a person says. */
const saying = ['decide', 'note'];

/** Throws `Refused`. */
export function refuseSecrets(command: Command) {
  const { text, reason, because } = command.opts<Record<string, unknown>>();
  const secret = secretAmong([text, reason, because, saying.includes(command.name()) ? command.args.at(-1) : undefined]);
  if (secret !== undefined)
    throw new Refused(`Refused, and not sent: ${secret}. Keep the value in a Secret, and give the name of that Secret.`);
}
