export type { Diagnosis } from './words/remedy.ts';
export { runbook } from './lifecycle/runbook.ts';
export type { Words } from './words/words.ts';
