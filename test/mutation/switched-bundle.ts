// Stands in for worker/bundle.ts while calls are taken out: every rehearsal gets the bundle in which each stands behind a switch.
import { readFileSync } from 'node:fs';

export * from '../../worker/bundle.ts';

let path = '';

export const useBundle = (file: string) => {
  path = file;
};

export const workflowBundle = () => Promise.resolve({ code: readFileSync(path, 'utf8') });
