/** The same rule for oxlint: `bodies/steady`, for the runbooks that are shipped. */

import type { Node } from '../../activities/own-runbooks/syntax.ts';
import { faultsIn } from './unsteady.ts';

interface Context {
  report: (fault: { node: Node; message: string }) => void;
}

const steady = {
  create: (context: Context) => ({
    Program: (program: Node) => {
      for (const fault of faultsIn(program)) context.report(fault);
    },
  }),
};

export default { meta: { name: 'bodies' }, rules: { steady } };
