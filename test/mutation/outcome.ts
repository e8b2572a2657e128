// What became of all mutants, for people: who lives and why, a table, and whether that will do.
import { type Explanation, explains, explanations } from './explained.ts';
import type { Mutant } from './mutants.ts';
import type { Verdicts } from './trials.ts';

/** Share of the mutants that may live, though each is explained. */
const mostMayLive = 0.1;

export interface Outcome {
  lines: string[];
  failed: boolean;
}

const living = (mutants: Mutant[], verdicts: Verdicts) =>
  mutants.filter(({ id }) => verdicts.has(id) && verdicts.get(id) === undefined);

export const tally = (mutants: Mutant[], verdicts: Verdicts) =>
  `${verdicts.size} of ${mutants.length} mutants tried, ${living(mutants, verdicts).length} live`;

/** Fails where a mutant lives that nobody has explained, or too many do. */
export function outcome(mutants: Mutant[], verdicts: Verdicts, known: Explanation[] = explanations): Outcome {
  const alive = living(mutants, verdicts).map(mutant => ({ mutant, why: known.find(one => explains(one, mutant))?.why }));
  const unexplained = alive.filter(({ why }) => why === undefined);
  const files = new Set(mutants.map(({ file }) => file));
  const idle = known.filter(one => files.has(one.file) && !alive.some(({ mutant }) => explains(one, mutant)));
  const tooMany = alive.length > mostMayLive * mutants.length;
  return {
    lines: [
      ...alive.map(({ mutant, why }) => `${mutant.file}:${mutant.line}  ${mutant.change}\n    ${why ?? 'NOT EXPLAINED'}`),
      ...idle.map(
        ({ file, code, change }) => `test/mutation/survivors.json explains what no longer lives: ${file}: ${change}: ${code}`,
      ),
      ...(tooMany ? [`More than ${mostMayLive * 100} % live: write tests that notice them.`] : []),
      ...(unexplained.length > 0
        ? [
            `${unexplained.length} live unexplained: write a test that notices each, or say in test/mutation/survivors.json why none can.`,
          ]
        : []),
    ],
    failed: tooMany || unexplained.length > 0,
  };
}

/** The survivors, then the table, so that it is read last. */
export function printed(mutants: Mutant[], verdicts: Verdicts, lines: string[]) {
  const files = [...new Set(mutants.map(({ file }) => file))];
  for (const line of lines) console.log(line);
  const rows = [...files.map(file => [file, mutants.filter(mutant => mutant.file === file)] as const), ['all', mutants] as const];
  console.table(Object.fromEntries(rows.map(([name, some]) => [name, counted(some, verdicts)])));
}

function counted(mutants: Mutant[], verdicts: Verdicts) {
  const survived = living(mutants, verdicts).length;
  const share = Math.round((1000 * survived) / mutants.length) / 10;
  return { mutants: mutants.length, killed: mutants.length - survived, survived, 'survived, %': share };
}
