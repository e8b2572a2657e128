import { Failed, Usage } from '../errors.ts';
import { holdOf } from '../platform.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { outputs } from './outputs.ts';
import { type Account, usualAccounts } from './own-objects.ts';
import type { Remains, Step } from './remaining.ts';
import { stepsLeft } from './remains.ts';
import { bold, line } from './text.ts';

const examples = `
Examples:
  runbooks uninstall --plan
  runbooks uninstall --plan --context production -o json
  runbooks uninstall --plan --account shop/runbooks

Reads the cluster and Temporal, and writes nothing: you type the commands, step by step, and print the plan again until
nothing is left. The worker must run until the objects are deleted: it is what restores. Where something could not be
read, it may be left: then the exit code is 5 for Temporal, else 1.`;

interface Options {
  plan?: true;
  account?: string;
  context?: string;
  output: Format;
}

export const uninstall: Register = (program, desk) =>
  program
    .command('uninstall')
    .description('list what is left of the product on the cluster and in Temporal; changes nothing')
    .option('--plan', 'needed: there is no uninstall without it')
    .option('--account <namespace/name>', 'the ServiceAccount of the worker, as it was given to runbooks rights')
    .addOption(context())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ plan, account, context, output: format }: Options) => {
      if (!plan) throw new Usage('There is only runbooks uninstall --plan, which lists what is left. Nothing was changed.');
      desk.context = context;
      const accounts = accountsOf(desk, account);
      const cluster = await clusterOf(desk);
      const steps = await stepsLeft(desk, accounts);
      if (steps.some(({ unread }) => unread.length > 0)) desk.exit ||= 1;
      const value: Remains = { cluster, steps, unseen };
      desk.show(format, outputs.uninstall, value, () => lines(value));
    });

function accountsOf(desk: Desk, account: string | undefined): Account[] {
  if (account === undefined) return usualAccounts(holdOf(desk.platform()).namespace);
  const [, namespace, name] = /^([\w.-]+)\/([\w.:-]+)$/.exec(account) ?? [];
  if (!namespace || !name) throw new Usage(line`--account is namespace/name, not ${account}. Nothing was changed.`);
  return [{ namespace, name }];
}

/** Nothing where KUBECONFIG cannot be read: Temporal can still be. @throws Refused where it leads to another cluster */
async function clusterOf(desk: Desk): Promise<Remains['cluster']> {
  try {
    const { context, cluster, server } = await destination(desk, 'runbooks uninstall --plan');
    return { context, cluster, server };
  } catch (error) {
    if (error instanceof Failed) return null;
    throw error;
  }
}

/** In the order in which they matter. */
const unseen = [
  'Routes of Alertmanager, Grafana and PagerDuty that send to the intake, and rules from deploy/prometheus: take them out.',
  'Pages that are open in PagerDuty: resolve them there.',
  'Incidents and maintenance windows on the status page: end them there.',
  'Silences in Alertmanager: they end by themselves.',
  'Messages and channels in Slack, and mails: they stay.',
  'Tickets: those of ours have the label nqba-runbooks.',
  'The Secret nqba-runbooks-secrets, which is not read: delete it, and revoke the tokens in it at their vendors.',
  'The artifact folder (ARTIFACTS of worker and intake): it holds reports, plans and records. Keep a copy.',
  'Workers, intakes, accounts and images under names of your own.',
  'Closed workflows in Temporal, which end with their retention, and the four search attributes (RunbookState and others).',
];

function lines({ cluster, steps }: Remains): string[] {
  const isClear = steps.every(({ left, unread }) => left.length === 0 && unread.length === 0);
  return [
    cluster ? onCluster(cluster) : 'No cluster was read.',
    isClear ? 'Nothing is left where it was looked. Nothing was changed.' : 'Nothing was changed. In this order:',
    ...steps.flatMap(stepLines),
    '',
    bold('Not looked at'),
    ...unseen.map(text => `  ${text}`),
  ];
}

function stepLines({ step, left, unread }: Step, index: number): string[] {
  return [
    '',
    bold(`${index + 1}. ${step}`),
    ...left.flatMap(({ what, command }) => [line`  ${what}`, line`      ${command ?? 'Look at it by hand.'}`]),
    ...unread.map(text => line`  Not read: ${text}`),
    ...(left.length + unread.length === 0 ? ['  Nothing is left.'] : []),
  ];
}
