/** Changes as the record of an incident knows them, and the step that an object's record belongs to. */

import { isTryOf, type Report, type StepReport } from '../../workflows/contract/index.ts';
import { type RecordedChange, recordedChanges } from '../../workflows/kit/record/standing.ts';

type Steps = Pick<Report, 'steps'>;

/** Each record once; of the steps that share one the latest counts. */
export function newestChanges({ steps }: Steps): RecordedChange[] {
  const latest = ({ takeBack: { key } }: RecordedChange) =>
    steps
      .filter(({ takeBack, takesBack }) => takeBack?.key === key && takesBack === undefined)
      .map(({ changed, began }) => changed ?? began)
      .toSorted()
      .at(-1) ?? '';
  return recordedChanges({ steps })
    .toReversed()
    .toSorted((one, other) => latest(other).localeCompare(latest(one)));
}

/** The step whose change, or whose try, has this key. */
export const stepOf = ({ steps }: Steps, key: string): StepReport | undefined =>
  steps.find(({ takeBack }) => takeBack?.key === key) ?? steps.find(step => isTryOf(key, step.key));
