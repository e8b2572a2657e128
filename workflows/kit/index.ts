export type { Diagnosis } from './words/remedy.ts';
export { isWritten, runbook as runbookCalled } from '../catalog/index.ts';
export { maintenanceText } from '../catalog/maintenance-text.ts';
export { fieldsOf } from '../catalog/operations.ts';
export { stateText } from '../contract/index.ts';
export { operation } from './lifecycle/operation.ts';
export { runbook } from './lifecycle/runbook.ts';
export { deadline, inSeconds, minutesAfter, noticeOf, type Window, windowAfter } from './record/window.ts';
export type { Words } from './words/words.ts';
