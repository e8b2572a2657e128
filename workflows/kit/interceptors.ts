import { setCurrentDetails, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { board } from './board.ts';
import { currentIncident } from './current.ts';
import { reportOf } from './state.ts';

/** Renders the board once an activation, never once an entry. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      concludeActivation(input, next) {
        const incident = currentIncident();
        if (incident) setCurrentDetails(board(reportOf(incident.state), workflowInfo().workflowId));
        return next(input);
      },
    },
  ],
});
