export type { Diagnosis } from './words/remedy.ts';
export { fieldsOf } from '../catalog/operations.ts';
export { operation } from './lifecycle/operation.ts';
export { runbook } from './lifecycle/runbook.ts';
export type { Words } from './words/words.ts';
