export type { Diagnosis } from './remedy.ts';
export { runbook } from './runbook.ts';
export type { Words } from './words.ts';
