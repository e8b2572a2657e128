/** The result of a message from a person to an incident. */

import type { Listed, Told } from '../incident.ts';
import { Refused } from '../errors.ts';
import type { Desk, Format } from './desk.ts';
import type { Output } from './outputs.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

/** Prints it; refused ends with exit code 4. */
export function tell(desk: Desk, format: Format, { name: incident }: Pick<Listed, 'name'>, told: Told, done: string) {
  const value: Output<'decide'> = told === 'sent' ? { incident, accepted: null } : { incident, ...told };
  const refusal = value.accepted === false ? new Refused(line`Refused: ${(value.because ?? '').replace(form, '')}`) : undefined;
  if (!refusal || format === 'json') desk.show(format, outputs.decide, value, () => [told === 'sent' ? sent(incident) : done]);
  if (refusal) throw refusal;
}

/** The JSON that a signal would need: of no use to who types a command. */
const form = /:? *\{"[^]*$/;

const sent = (incident: string) =>
  line`Sent, but no worker answered in time. Temporal keeps it until a worker runs: runbooks show ${incident}`;
