/** One line of the doctor: what was examined, whether it will do, and what fixes it. */

export interface Line {
  check: string;
  ok: boolean;
  /** No fault, but people should know. */
  warning?: true;
  text: string;
  fix?: string;
}

export const fine = (check: string, text: string): Line => ({ check, ok: true, text });
export const warning = (check: string, text: string): Line => ({ check, ok: true, warning: true, text });
export const fault = (check: string, text: string, fix: string): Line => ({ check, ok: false, text, fix });

/** A system that people stand in for. */
export const byHand = (check: string, variable: string) =>
  fine(check, `is not connected: its steps become text to paste. To connect it, set ${variable}.`);
