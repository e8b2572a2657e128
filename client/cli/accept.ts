import { existsSync } from 'node:fs';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { acceptFault, rememberedFaults } from '../../activities/known-faults.ts';
import { artifactsFolder } from '../environment.ts';
import { Failed, NotFound, Usage } from '../errors.ts';
import type { Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { outputs } from './outputs.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks accept 'Nodes are nearly full' --until 2026-12-05 --reason 'two nodes are ordered'

Until then the Morning Health Check folds it into one line. The fault is named as its follow-up is, or by the beginning of that.`;

interface Options {
  until: string;
  reason: string;
  as: string;
  output: Format;
}

/** The operation whose faults are kept. */
const of = 'morning-health-check';
/** Milliseconds: whatever is accepted is looked at again. */
const longest = 90 * 86_400_000;

export const accept: Register = (program, desk) =>
  program
    .command('accept <fault>')
    .description('fold a known fault of the Morning Health Check into one line until a time')
    .requiredOption('--until <time>', 'a day or RFC 3339, at most 90 days from now')
    .requiredOption('--reason <text>', 'why it need not be fixed before')
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { until, reason: because, as: by, output: format }: Options) => {
      const at = Date.parse(until);
      if (!(at > desk.now() && at <= desk.now() + longest))
        throw new Usage(line`--until is a time from now on, at most 90 days away: ${until}`);
      const folder = artifactsFolder(desk.environment);
      if (!existsSync(folder))
        throw new Failed(line`There is no artifact store ${folder} here. ARTIFACTS names the folder that the worker writes to.`);
      const artifacts = connectArtifacts({ folder });
      const reason = meantBy(
        text,
        (await rememberedFaults(artifacts, of)).map(one => one.reason),
      );
      const accepted = { reason, until: new Date(at).toISOString(), because, by };
      await acceptFault(artifacts, of, accepted);
      desk.show(format, outputs.accept, accepted, () => [line`${reason}: accepted until ${accepted.until}.`]);
    });

/** Throws `NotFound` with what there is. */
function meantBy(text: string, reasons: string[]): string {
  const meant = reasons.filter(reason => reason.startsWith(text));
  const [reason] = meant;
  if (reason !== undefined && meant.length === 1) return reason;
  const known = reasons.map(one => `“${one}”`).join(', ') || 'none';
  throw new NotFound(line`No single fault is called ${JSON.stringify(text)}. The last check found: ${known}.`);
}
