import { setCurrentDetails, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { board } from './board.ts';
import type { Incident, Showing } from './incident.ts';
import { reportOf } from '../record/state.ts';

/** With which Temporal asks what a workflow is about. */
const aboutIt = '__temporal_workflow_metadata';

/**
 * Renders the board when someone asks Temporal what a workflow is about, and never else: most of its states no one sees.
 * Made once for each workflow, so this and not a module remembers its incident: modules are shared by all that are open.
 */
export function interceptors(): WorkflowInterceptors {
  let shown: Incident | undefined;
  const show: Showing = incident => {
    shown = incident;
  };
  return {
    inbound: [{ execute: (input, next) => next({ ...input, args: [show, ...input.args] }) }],
    internals: [
      {
        activate(input, next) {
          if (shown && input.activation.jobs?.[0]?.queryWorkflow?.queryType === aboutIt)
            setCurrentDetails(board(reportOf(shown.state), workflowInfo().workflowId, shown.now(), shown.state.refused));
          next(input);
        },
      },
    ],
  };
}
