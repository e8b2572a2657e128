/** What the bench prints: each measurement beside its goal. */

export interface Row {
  what: string;
  value: number;
  /** A number of things; else a ratio. */
  counted?: true;
  goal?: number;
  /** Part of the goal by which a measurement may miss it. */
  tolerance?: number;
}

export function verdict({ value, goal, tolerance = 0 }: Row): 'met' | 'within tolerance' | 'missed' | '' {
  if (goal === undefined) return '';
  if (value <= goal) return 'met';
  return value <= goal * (1 + tolerance) ? 'within tolerance' : 'missed';
}

export function table(rows: Row[]): string {
  const head = ['our kit against the same by hand', 'measured', 'goal', ''];
  const lines = [head, ...rows.map(row => [row.what, shown(row), goalOf(row), verdict(row)])];
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines.map(line => padded(line, widths).trimEnd()).join('\n');
}

const padded = (cells: string[], widths: number[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');

const shown = ({ value, counted }: Row) => (counted ? `${value}` : `${value.toFixed(2)} ×`);

const goalOf = ({ goal, tolerance, counted }: Row) =>
  goal === undefined ? '' : `≤ ${goal}${counted ? '' : ' ×'}${tolerance ? ` (+${tolerance * 100} %)` : ''}`;
