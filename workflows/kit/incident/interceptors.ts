import { defaultPayloadConverter } from '@temporalio/common';
import {
  type ActivityInput,
  type ConcludeActivationInput,
  setCurrentDetails,
  workflowInfo,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { aboutHeader } from '../../contract/log-header.ts';
import { board } from './board.ts';
import type { Incident, Showing } from './incident.ts';
import { reportOf } from '../record/state.ts';

/** With which Temporal asks what a workflow is about. */
const aboutIt = '__temporal_workflow_metadata';

/**
 * Renders the board only when someone asks Temporal for the details of a workflow: most of its states no one sees.
 * Interceptors are created for each workflow, modules are shared between workflows: so the incident is kept here.
 */
export function interceptors(): WorkflowInterceptors {
  let shown: Incident | undefined;
  const show: Showing = incident => {
    shown = incident;
  };
  return {
    inbound: [{ execute: (input, next) => next({ ...input, args: [show, ...input.args] }) }],
    outbound: [{ scheduleActivity: (input, next) => next(shown ? withAbout(input, shown) : input) }],
    internals: [
      {
        activate(input, next) {
          if (shown && input.activation.jobs?.[0]?.queryWorkflow?.queryType === aboutIt)
            setCurrentDetails(board(reportOf(shown.state), workflowInfo().workflowId, shown.now(), shown.state.refused));
          next(input);
        },
        concludeActivation: (input, next) => next({ ...input, commands: withOneUpsert(input.commands) }),
      },
    ],
  };
}

/** For the log of the worker. */
function withAbout(input: ActivityInput, { state }: Incident): ActivityInput {
  const about = { incident: state.incident, step: input.options.summary ?? input.activityType };
  return { ...input, headers: { ...input.headers, [aboutHeader]: defaultPayloadConverter.toPayload(about) } };
}

type Commands = ConcludeActivationInput['commands'];

/** An attribute that is set several times in one workflow task is written to the server's index once, as it is at the end. */
function withOneUpsert(commands: Commands): Commands {
  const upserts = commands.flatMap(({ upsertWorkflowSearchAttributes: upsert }) => upsert ?? []);
  if (upserts.length < 2) return commands;
  const indexedFields = Object.assign({}, ...upserts.map(({ searchAttributes }) => searchAttributes?.indexedFields));
  const one = { upsertWorkflowSearchAttributes: { searchAttributes: { indexedFields } } };
  const first = commands.findIndex(({ upsertWorkflowSearchAttributes: upsert }) => upsert);
  return commands.with(first, one).filter((command, index) => index === first || !command.upsertWorkflowSearchAttributes);
}
