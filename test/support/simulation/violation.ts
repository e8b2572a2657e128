/** What must hold, by the names of docs/decisions: a broken one ends the simulation. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

export const holds = (invariant: string, is: boolean, message: () => string) => {
  if (!is) throw new Violation(invariant, message());
};
