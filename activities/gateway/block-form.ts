/** The one shape of both forms in which a platform blocks sources: where entries stand, and how they are written. */

import type { Target } from '../../workflows/contract/action.ts';
import type { ActionContext } from '../engine/action.ts';
import type { Platform } from '../platform.ts';
import type { Edge } from './edge.ts';

export interface BlockForm {
  /** It refuses their calls. */
  refuser: string;
  /** Every place that may block; none where none is described. */
  targets: (platform: Platform) => Target[];
  /** Those of them that are there. @throws SystemError */
  standing: (context: ActionContext) => Promise<Target[]>;
  /** The field with the sources that are blocked there. */
  field: (platform: Platform, incident: string) => string;
  /** A place as it is, and as it would be with more. @throws `Refused`, SystemError */
  edgeWith: (sources: string[], target: Target, context: ActionContext) => Promise<Edge>;
  /** With the system that it writes to. @throws SystemError where that is not connected */
  around: (context: ActionContext) => ActionContext;
}
