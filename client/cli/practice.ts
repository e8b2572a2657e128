import { z } from 'zod';
import { printed } from '../../activities/connectors/address.ts';
import { Failed, NotFound, Refused } from '../errors.ts';
import { value } from '../environment.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { duration } from './durations.ts';
import { outputs } from './outputs.ts';
import { labelled, type Labels, sendAlert } from './practice-alert.ts';
import { clock, line, table } from './text.ts';

const examples = `
Examples:
  runbooks practice set dynex down
  runbooks practice set dynex down --after 3m --for 40m
  runbooks practice set slack unauthorised
  runbooks practice status
  runbooks practice alert DynexHealthCheckFailed
  runbooks practice alert DynexHealthCheckFailed --resolved
  runbooks practice alert QueueStuck --label runbook=queue-stuck --label severity=warning

Durations are of the practice world, where waiting is faster (npm start says how much).`;

export const practice: Register = (program, desk) => {
  const practice = program
    .command('practice')
    .description('break and fix the systems around the practice platform, and send it alerts')
    .addHelpText('after', examples);
  practice
    .command('set')
    .argument('<system>', 'one that runbooks practice status lists')
    .argument('<state>', 'healthy, down, refused, slow, garbage or unauthorised; some have more, as dynex mock and pinning full')
    .option('--after <duration>', 'start after this time', '0s')
    .option('--for <duration>', 'healthy again after this time')
    .description('put a system into a state')
    .addHelpText('after', examples)
    .action((system: string, state: string, options: { after: string; for?: string }) => set(desk, system, state, options));
  practice
    .command('alert')
    .argument('<name>', 'alertname; which runbook it opens says the catalog, or the label runbook')
    .option('--resolved', 'the end of the alert that was sent with the same labels')
    .option('--label <name=value>', 'one more label; repeatable', labelled, {})
    .description('send an alert to the intake, as Alertmanager would')
    .addHelpText('after', examples)
    .action((name: string, { resolved, label }: { resolved?: true; label: Labels }) =>
      sendAlert(desk, { ...label, alertname: name }, resolved ? 'resolved' : 'firing'),
    );
  practice
    .command('status')
    .description('the state of every system')
    .addOption(output())
    .action(async ({ output: format }: { output: Format }) => {
      const found = outputs.practice.parse(await ask(desk, 'GET', '/systems'));
      desk.show(format, outputs.practice, found, () =>
        table(
          ['SYSTEM', 'STATE', 'LATER'],
          Object.entries(found).map(([system, { state, scheduled }]) => [
            system,
            state,
            scheduled.map(one => later(one, desk.now())).join(', ') || '-',
          ]),
        ),
      );
    });
};

const later = ({ state, at }: { state: string; at: string }, now: number) => `${state} at ${clock(at, now)}`;

async function set(desk: Desk, system: string, state: string, { after, for: lasting }: { after: string; for?: string }) {
  const { pace } = desk.platform().times;
  const real = (text: string) => Math.round(duration(text) * pace);
  await ask(desk, 'PUT', `/systems/${system}`, { state, after: real(after), ...(lasting && { for: real(lasting) }) });
  const when = [real(after) > 0 && `in ${after}`, lasting && `for ${lasting}`].filter(Boolean).join(', ');
  desk.out([line`${system} is ${state}${when && ` ${when}`}. See: runbooks practice status`]);
}

const refusal = z.looseObject({ error: z.string() });
const within = 5_000;

async function ask(desk: Desk, method: 'GET' | 'PUT', path: string, body?: object): Promise<unknown> {
  const address = value(desk.environment, 'STANDINS_CONTROL');
  if (!address) throw new NotFound('The practice platform is not running. Start it with: npm start');
  const init = {
    method,
    signal: AbortSignal.timeout(within),
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  };
  const response = await fetch(address + path, init).catch((error: unknown) => {
    throw new Failed(`The practice platform gives no answer at ${printed(address)}. Start it with: npm start`, { cause: error });
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refused(refusal.catch({ error: `answered ${response.status}` }).parse(answer).error);
  return answer;
}
