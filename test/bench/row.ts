/** What the bench prints: each measurement beside its goal. */

export interface Row {
  what: string;
  value: number;
  /** A ratio unless said otherwise. */
  unit?: 'things' | 'seconds' | 'ratio';
  goal?: number;
  /** `most` unless said otherwise. */
  bound?: 'most' | 'least' | 'exactly';
  /** Part of the goal by which a measurement may miss it. */
  tolerance?: number;
  /** A promise, whatever the machine: missing it fails the bench. */
  promise?: true;
}

export function verdict({ value, goal, bound = 'most', tolerance = 0 }: Row): 'met' | 'within tolerance' | 'missed' | '' {
  if (goal === undefined) return '';
  if (bound === 'exactly') return value === goal ? 'met' : 'missed';
  const [measured, limit] = bound === 'most' ? [value, goal] : [goal, value];
  if (measured <= limit) return 'met';
  return measured <= limit * (1 + tolerance) ? 'within tolerance' : 'missed';
}

export function table(rows: Row[], about = 'our kit against the same by hand'): string {
  const head = [about, 'measured', 'goal', ''];
  const lines = [head, ...rows.map(row => [row.what, measured(row), goalOf(row), verdict(row)])];
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines.map(line => padded(line, widths).trimEnd()).join('\n');
}

const padded = (cells: string[], widths: number[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');

const suffixes = { things: '', seconds: ' s', ratio: ' ×' };
const signs = { most: '≤ ', least: '≥ ', exactly: '' };

const measured = ({ value, unit = 'ratio' }: Row) => `${value.toFixed(unit === 'things' ? 0 : 2)}${suffixes[unit]}`;

const goalOf = ({ goal, unit = 'ratio', bound = 'most', tolerance }: Row) =>
  goal === undefined ? '' : `${signs[bound]}${goal}${suffixes[unit]}${tolerance ? ` (+${tolerance * 100} %)` : ''}`;
