/** What an action brings to the harness: how it is called, and in which world. What it is held to are the laws, the same for all. */

import type { Activities } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { Platform } from '../../../activities/platform.ts';
import type { Nqba } from '../../support/nqba.ts';
import type { Call, Outcome, Receipt } from '../../../workflows/contract/index.ts';

/** The action with its input. */
export type Act = (by: Activities, call: Call) => Promise<Outcome>;

/** What a case builds its world with. */
export interface Prepared {
  on: Stage;
  /** On the platform of the case, with the artifacts of this world. */
  worker: Activities;
  /** Of this world alone. */
  incident: string;
  /** The key that it is called with. */
  key: string;
  /** What people approved, carried out. */
  carriedOut: (act: Act, key: string) => Promise<Receipt>;
}

export interface Situation {
  act: Act;
  /** The same action with other input. */
  otherwise: Act;
  /** Everything that it may touch, by path; `/components` is the status page. */
  touches: string[];
  /** Somebody else changes a field that it sets. */
  meddle: () => Promise<unknown>;
  /** Somebody else changes what the plan rests on, but none of its fields. */
  rests?: () => Promise<unknown>;
  /** An autoscaler's step, a status: no plan rests on it. */
  harmless: () => Promise<unknown>;
  /** What a second incident needs before it holds the same. */
  second?: () => Promise<unknown>;
  /** What must be so before it is taken back. */
  room?: () => Promise<unknown>;
  /** Instead of the systems that are connected, for the world's own past. */
  systems?: object;
}

interface Named {
  /** Activity type. */
  name: string;
  /** Tells several ways of one action. */
  way?: string;
  /** What it writes to. */
  to: 'kubernetes' | 'statuspage' | 'api' | 'ipfs' | 'stripe' | 'silences' | 'rds' | 'mail';
  /** Faults by which its system says that it does not offer it: it is left to people then. */
  notOffered?: string[];
  platform?: (platform: Nqba) => Platform;
}

/** Values that are, and values that should be. */
export interface SettingCase extends Named {
  is: 'setting';
  /** A person has ordered it, or it only restores what we changed: a mode does not stop it. */
  restores?: true;
  /** Why it is not taken back. */
  undo?: string;
  /** It stays until people decide, though there is a way back. */
  stays?: true;
  /** Why two incidents never hold the same. */
  alone?: string;
  /** Its pods start again, from the template that is there. */
  rolls?: true;
  world: (prepared: Prepared) => Promise<Situation>;
}

export interface ListSituation {
  act: Act;
  otherwise: Act;
  /** Items in their order, as writes name them. */
  items: string[];
  /** A list of one more item than it takes. */
  tooMany: Act;
  systems?: object;
}

/** Items that a check froze; each is done once. */
export interface ListCase extends Named {
  is: 'list';
  /** People need not look first. */
  unasked?: true;
  /** After a surprise people are asked with the plan of the rest: no retry goes on by itself. */
  asksAgain?: true;
  world: (prepared: Prepared) => Promise<ListSituation>;
}

export type Case = SettingCase | ListCase;

export const titleOf = ({ name, way }: Pick<Named, 'name' | 'way'>) => (way === undefined ? name : `${name} (${way})`);
