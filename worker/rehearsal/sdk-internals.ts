/** The parts of the SDK that a rehearsal needs and the packages do not export: the only deep imports of the worker. A test notices when they move. */

export { msNumberToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
export { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
export { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
export { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
export { createUnsafeRandomSource } from '@temporalio/workflow/lib/random-helpers.js';
