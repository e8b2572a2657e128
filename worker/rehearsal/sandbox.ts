import { defaultPayloadConverter, TypedSearchAttributes, toPayloads } from '@temporalio/common';
import proto, { type coresdk } from '@temporalio/proto';
import {
  createUnsafeRandomSource,
  globalHandlers,
  msNumberToTs as timestamp,
  parseWorkflowCode,
  ReusableVMWorkflowCreator,
} from './sdk-internals.ts';

export type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type Command = coresdk.workflow_commands.IWorkflowCommand;
type Activation = coresdk.workflow_activation.IWorkflowActivation;

/** The input of an execution. */
export interface Init {
  type: string;
  workflowId: string;
  runId: string;
  /** Of the run that rolled over into this one. */
  firstRunId?: string;
  args: unknown[];
  /** Milliseconds since 1970. */
  at: number;
}

/** The SDK's own workflow sandbox without a server: we play the server's part. */
export class Sandbox {
  private readonly creator: ReusableVMWorkflowCreator;

  private constructor(creator: ReusableVMWorkflowCreator) {
    this.creator = creator;
  }

  static async load(code: string, activityTypes: string[]): Promise<Sandbox> {
    const bundle = parseWorkflowCode(code);
    const noWatchdog = undefined; // a thread for every entry of the sandbox would cost a third of the time
    const creating = [bundle, noWatchdog, new Set(activityTypes)];
    const creator: ReusableVMWorkflowCreator = await Reflect.apply(
      Reflect.get(ReusableVMWorkflowCreator, 'create'),
      ReusableVMWorkflowCreator,
      creating,
    );
    globalHandlers.uninstall();
    return new Sandbox(creator);
  }

  /** @param rollOver whether the server says at every task that the history is long enough */
  async open(init: Init, rollOver = false): Promise<Execution> {
    return new Execution({ ...init, rollOver }, await this.make(init), () => this.make(init));
  }

  private make({ type, workflowId, runId, firstRunId = runId, at }: Init) {
    const info = {
      workflowId,
      runId,
      workflowType: type,
      searchAttributes: {},
      typedSearchAttributes: new TypedSearchAttributes(),
      taskQueue: 'rehearsal',
      namespace: 'rehearsal',
      firstExecutionRunId: firstRunId,
      originalExecutionRunId: runId,
      startTime: new Date(at),
      runStartTime: new Date(at),
      taskTimeoutMs: 10_000,
      attempt: 1,
      historyLength: 3,
      historySize: 300,
      continueAsNewSuggested: false,
      currentBuildId: '',
      unsafe: {
        now: Date.now,
        isReplaying: false,
        isReplayingHistoryEvents: false,
        random: createUnsafeRandomSource(Math.random),
      },
      targetWorkerDeploymentVersionChanged: false,
    };
    return this.creator.createWorkflow({
      info,
      randomnessSeed: [1, 2, 3, 4],
      now: at,
      showStackTraceSources: false,
      failureExceptionTypeNames: [],
    });
  }
}

type Workflow = Awaited<ReturnType<ReusableVMWorkflowCreator['createWorkflow']>>;

interface Task {
  activation: Activation;
  commands: Command[];
  /** The commands as they are compared: the bytes that a server would get. */
  bytes: Uint8Array;
}

/** One execution: what it was told, and what it asked for. */
export class Execution {
  private readonly init: Init & { rollOver: boolean };
  private workflow: Workflow;
  private readonly again: () => Promise<Workflow>;
  /** Each task so far: what it was told, and the commands it answered with. */
  readonly tasks: Task[] = [];
  /** Tasks whose commands differed in some replay: none, or the workflow is not deterministic. */
  readonly differing = new Set<number>();
  private flags: number[] = [];

  constructor(init: Init & { rollOver: boolean }, workflow: Workflow, again: () => Promise<Workflow>) {
    this.init = init;
    this.workflow = workflow;
    this.again = again;
  }

  /** Everything that happens in one workflow task; answers with the commands. */
  async activate(at: number, jobs: Job[]): Promise<Command[]> {
    const activation = { ...this.activation(at, jobs), availableInternalFlags: this.flags };
    const { successful, failed } = await this.workflow.activate(activation);
    if (!successful) throw new Error(`workflow task failed: ${failed?.failure?.message}\n${failed?.failure?.stackTrace}`);
    const commands = [...(successful.commands ?? [])]; // a list of our own realm
    this.flags = [...new Set([...this.flags, ...(successful.usedInternalFlags ?? [])])];
    this.tasks.push({ activation, commands, bytes: bytesOf(commands) });
    return commands;
  }

  /** The answer of a query now. */
  async query(queryType: string): Promise<unknown> {
    const query = { queryWorkflow: { queryId: queryType, queryType, arguments: [], headers: {} } };
    const { successful, failed } = await this.workflow.activate(
      proto.coresdk.workflow_activation.WorkflowActivation.fromObject(this.activation(0, [query])),
    );
    const payload = successful?.commands?.[0]?.respondToQuery?.succeeded?.response;
    if (!payload)
      throw new Error(`the query ${queryType} failed: ${failed?.failure?.message ?? JSON.stringify(successful?.commands)}`);
    return defaultPayloadConverter.fromPayload(payload);
  }

  /** Forgets the execution, as an evicted cache does, and replays it; notes the tasks whose commands differ. */
  async evict(): Promise<void> {
    await this.workflow.dispose();
    this.workflow = await this.again();
    for (const [index, { activation, bytes }] of this.tasks.entries()) {
      const replayed = { ...activation, isReplaying: true, availableInternalFlags: this.flags };
      const { successful } = await this.workflow.activate(replayed);
      if (!successful || Buffer.compare(bytesOf(successful.commands ?? []), bytes) !== 0) this.differing.add(index);
    }
  }

  dispose = () => this.workflow.dispose();

  /** The first job of an execution. */
  starting(): Job {
    const { type, workflowId, runId, firstRunId = runId, args, at } = this.init;
    return {
      initializeWorkflow: {
        workflowType: type,
        workflowId,
        arguments: toPayloads(defaultPayloadConverter, ...args),
        firstExecutionRunId: firstRunId,
        startTime: timestamp(at),
        attempt: 1,
      },
    };
  }

  private activation(at: number, jobs: Job[]): Activation {
    return {
      runId: this.init.runId,
      timestamp: timestamp(at),
      isReplaying: false,
      continueAsNewSuggested: this.init.rollOver,
      historyLength: this.tasks.length * 3 + 3,
      jobs,
    };
  }
}

const { Success } = proto.coresdk.workflow_completion;
const bytesOf = (commands: Command[]) => Success.encode(Success.create({ commands })).finish();
