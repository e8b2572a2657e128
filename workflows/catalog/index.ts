export * from './available.ts';
export * from './fields.ts';
export * from './inputs.ts';
export * from './route.ts';
export type * from './runbook.ts';
export * from './runbooks.ts';
export * from './schedules.ts';
export * from './severities.ts';
export * from './loud.ts';
