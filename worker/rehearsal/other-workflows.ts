import type { coresdk } from '@temporalio/proto';
import { valueOf } from './attempts.ts';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;

/** The other workflows of the namespace, as far as this one tells or starts them; whatever becomes of them it is not told. */
export class OtherWorkflows {
  readonly signalled: { workflowId: string; name: string; args: unknown[] }[] = [];
  readonly started: { type: string; args: unknown[] }[] = [];

  /** The answers of the server to a command about another workflow. */
  obey({ signalExternalWorkflowExecution: signal, startChildWorkflowExecution: start }: Command): Job[] {
    const jobs: Job[] = [];
    if (signal) {
      const { seq, workflowExecution, signalName, args } = signal;
      const workflowId = workflowExecution?.workflowId ?? '';
      this.signalled.push({ workflowId, name: signalName ?? '', args: (args ?? []).map(valueOf) });
      jobs.push({ resolveSignalExternalWorkflow: { seq } });
    }
    if (start) {
      const { seq, workflowId, workflowType, input } = start;
      this.started.push({ type: workflowType ?? '', args: (input ?? []).map(valueOf) });
      jobs.push({ resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: `run of ${workflowId}` } } });
    }
    return jobs;
  }
}
