// What is mutated, and the tests that must notice: those that call it directly, without a workflow around it.
import { globSync } from 'node:fs';

export interface Subject {
  files: string[];
  tests: string[];
}

export const root = new URL('../../', import.meta.url);
const found = (...patterns: string[]) => globSync(patterns, { cwd: root.pathname }).sort();

export const subjects: Subject[] = [
  {
    files: found(
      'workflows/kit/{reducer,deciding,said,alert-end,ladder,clocks,state,due,journal,guard,night,announcing,roles}.ts',
    ),
    tests: found(
      'test/workflows/kit/{model,due,guard,downtime}.test.ts',
      'test/workflows/kit/{reducer,deciding,said,alert-end,ladder,clocks,state,due,journal,guard,night,announcing,roles}-*.test.ts',
      'test/workflows/kit/reducer.test.ts',
    ),
  },
  {
    files: found('client/report.ts', 'client/cli/{post-mortem,checklist,markdown}.ts'),
    tests: [],
  },
];
