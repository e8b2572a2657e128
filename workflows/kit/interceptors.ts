import { setCurrentDetails, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { board } from './board.ts';
import { currentIncident } from './current.ts';
import { reportOf, type State } from './state.ts';

/** The state that stands on the board. */
let shown: State | undefined;

/** Renders the board once an activation, never once an entry. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      concludeActivation(input, next) {
        const incident = currentIncident();
        if (incident && incident.state !== shown) {
          shown = incident.state;
          setCurrentDetails(board(reportOf(shown), workflowInfo().workflowId));
        }
        return next(input);
      },
    },
  ],
});
