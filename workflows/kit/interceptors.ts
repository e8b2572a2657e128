import { setCurrentDetails, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { board } from './board.ts';
import { currentIncident } from './current.ts';
import { reportOf } from './state.ts';

/** With which Temporal asks what a workflow is about. */
const aboutIt = '__temporal_workflow_metadata';

/** Renders the board when somebody asks Temporal what a workflow is about, and never else: most of its states nobody sees. */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        const incident = currentIncident();
        if (incident && input.activation.jobs?.[0]?.queryWorkflow?.queryType === aboutIt)
          setCurrentDetails(board(reportOf(incident.state), workflowInfo().workflowId));
        next(input);
      },
    },
  ],
});
