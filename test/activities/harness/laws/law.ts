/** A law: a sentence, and the proof that a case keeps it. */

import type { ListCase, SettingCase } from '../case.ts';
import type { Theatre } from '../scene.ts';

/** Of all the places where something may happen the first, or every one. */
export type Extent = 'first' | 'every';

interface Numbered {
  number: number;
  title: string;
}

export interface SettingLaw extends Numbered {
  of: 'setting';
  /** @throws AssertionError where the case breaks it */
  hold: (theatre: Theatre, of: SettingCase, extent: Extent) => Promise<void>;
}

export interface ListLaw extends Numbered {
  of: 'list';
  hold: (theatre: Theatre, of: ListCase, extent: Extent) => Promise<void>;
}

export type Law = SettingLaw | ListLaw;
