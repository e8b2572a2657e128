/** Blocks that the platform's own API enforces: one list, in which an incident changes its own entries alone. */

import type { ActionContext } from '../../engine/action.ts';
import { readTarget } from '../../engine/writing.ts';
import { incidentOf } from '../../guard.ts';
import { operatorApiOf } from '../../operators.ts';
import type { BlockForm } from '../block-form.ts';
import { blocksField, blocksOf, blocksTarget, blocksWith } from './blocks.ts';

export const apiBlockForm: BlockForm = {
  refuser: 'the API',
  targets: () => [blocksTarget],
  standing: async () => [blocksTarget],
  field: (_, incident) => blocksField(incident),
  edgeWith: async (sources, target, context) =>
    blocksWith(sources, incidentOf(context.call.key), await readTarget(context, target), systemsOf(context)),
  around: context => ({
    ...context,
    systems: { ...context.systems, 'NQBA API': blocksOf(systemsOf(context)) },
  }),
};

const systemsOf = ({ deps }: ActionContext) => ({
  limits: operatorApiOf(deps).limits,
  artifacts: deps.systems.artifacts,
});
