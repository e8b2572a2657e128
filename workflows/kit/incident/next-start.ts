/** The start argument of the workflow that opens the next incident. */

import type { Alert, NextStart } from '../../contract/index.ts';
import { isFields, isText, read } from './fields.ts';
import type { Read } from './names.ts';
import { alertIn } from './parse.ts';
import { begun, longestStart, readStart, wrongVersion } from './start.ts';

export const nextStartOf = (args: unknown[]): NextStart => begun(readNextStart(args));

/** Reads what opens the next incident. */
export const readNextStart = (args: unknown[]): Read<NextStart> =>
  read<NextStart>(
    args,
    ({ version, runbook, workflowId, start: given, alerts: said }) => {
      if (version !== 1) return { malformed: wrongVersion };
      if (!isText(runbook) || !isText(workflowId)) return { malformed: 'runbook and workflowId say which incident is next' };
      const start = readStart([given]);
      if ('malformed' in start) return start;
      const alerts = alertsIn(said);
      return 'malformed' in alerts ? alerts : { ok: { version, runbook, workflowId, start: start.ok, alerts: alerts.ok } };
    },
    longestStart,
  );

function alertsIn(said: unknown): Read<Alert[]> {
  if (!Array.isArray(said) || !said.every(isFields)) return { malformed: 'the alerts are missing' };
  const alerts: Alert[] = [];
  for (const fields of said) {
    const alert = alertIn(fields);
    if ('malformed' in alert) return alert;
    alerts.push(alert.ok);
  }
  return { ok: alerts };
}
