import { Option } from 'commander';
import { isWritten, notWritten, type Runbook } from '../../workflows/catalog/index.ts';
import type { Mode } from '../../workflows/contract/index.ts';
import { modes } from '../../workflows/contract/index.ts';
import { Usage } from '../errors.ts';
import { configMapOf, kubectl, patchHold } from './cluster.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { runbookOf } from './open.ts';
import { outputs } from './outputs.ts';
import { type StandingChange, standingNow, standingSection } from './standing-changes.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks arm dynex-outage --mode supervised --reason 'observed for two weeks'
  runbooks arm dynex-outage --mode observe --reason 'new cluster'

observe     checks, pages and plans; each change is shown as "would have" (the default)
supervised  also acts, where an action needs no approval; the rest asks

An open incident keeps the mode of its first action; arming can only make it stricter.`;

interface Options {
  mode: Mode;
  reason: string;
  as: string;
  context?: string;
  output: Format;
}

export const arm: Register = (program, desk) =>
  program
    .command('arm <runbook>')
    .description('set whether a runbook may act on this platform, or only observes')
    .addOption(new Option('--mode <mode>', 'what it may do from now on').choices(modes).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, for the record')
    .addOption(context())
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (slug: string, { mode, reason, as: by, context, output: format }: Options) => {
      desk.context = context;
      const runbook = runbookOf(slug);
      if (!isWritten(runbook)) throw new Usage(line`${notWritten(runbook)}. Nothing was armed.`);
      const data = { [`mode.${slug}`]: mode };
      const cluster = await destination(desk, `runbooks arm ${slug} --mode ${mode} --reason …`);
      const record = JSON.stringify({ by, reason, at: new Date(desk.now()).toISOString() });
      await patchHold(desk, { data, annotations: { [`nqba-runbooks/mode.${slug}`]: record } });
      const unasked = mode === 'supervised' ? (runbook.unasked ?? []) : [];
      const standing = await standingNow(desk);
      const value = {
        cluster,
        configMap: configMapOf(desk),
        changed: data,
        inForce: true,
        kubectl: kubectl(desk, data),
        runbook: slug,
        mode,
        unasked,
        standing,
      };
      desk.show(format, outputs.arm, value, () => [
        ...fromNowOn(runbook, mode),
        onCluster(cluster),
        ...stillRestored(mode, standing),
        ...standingSection('Changes of open incidents that stand', standing, desk.now()),
      ]);
    });

/** An order to restore is a person's, and no mode stops it. */
const stillRestored = (mode: Mode, standing: StandingChange[] | null) =>
  mode === 'observe' && standing && standing.length > 0
    ? ['Changes that were made before stay until they are restored, and restoring them is still done.']
    : [];

function fromNowOn({ title, unasked }: Runbook, mode: Mode): string[] {
  if (mode === 'observe')
    return [line`${title} only observes from now on: it checks, pages, posts and plans, and changes nothing.`];
  return [
    line`${title} acts from now on. Besides checking, paging and posting, it does this without asking:`,
    ...(unasked ?? ['nothing']).map(what => line`  ${what}`),
    'Everything else waits for approval. Stop it all with: runbooks hold --all',
  ];
}
