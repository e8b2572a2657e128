// What is mutated, and the tests that must notice: those that call it directly, without a workflow around it.
import { globSync } from 'node:fs';

export interface Subject {
  files: string[];
  tests: string[];
}

export const root = new URL('../../', import.meta.url);
const found = (...patterns: string[]) => globSync(patterns, { cwd: root.pathname }).sort();

const kit = '{reducer,decisions,commands,alerts,escalation,clocks,state,due,timeline,parse,night,announcements,roles}';
const page = '{post-mortem,checklist,markdown}';

export const subjects: Subject[] = [
  {
    files: found(`workflows/kit/{record,incident}/${kit}.ts`),
    tests: found(`test/workflows/kit/${kit}-*.test.ts`, 'test/workflows/kit/{reducer,model,due,parse,downtime}.test.ts'),
  },
  {
    files: found('client/report.ts', `client/cli/${page}.ts`),
    tests: found('test/client/report-*.test.ts', `test/client/cli/${page}-*.test.ts`),
  },
];
