/** The lint rules of shipped runbooks, for runbooks of one's own, which have no lint. */

import { filesOf } from '../../activities/own-runbooks/files-of.ts';
import { faultsIn } from './unsteady.ts';

/** Of a runbook and what it imports from its own folder: a line each, `file:line: what, and what to do instead`. */
export const faultsOf = (runbook: string): string[] =>
  filesOf(runbook).flatMap(({ program, at }) => faultsIn(program).map(({ node, message }) => `${at(node)}: ${message}`));
