export * from './action.ts';
export * from './alert.ts';
export * from './finding.ts';
export * from './messages.ts';
export * from './question.ts';
export * from './report.ts';
export * from './start.ts';
export * from './vocabulary.ts';
