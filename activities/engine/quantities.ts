/** Kubernetes quantities and shares as numbers. */

const units: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `500m` is 0.5, `2Gi` is 2147483648; NaN for what is none. */
export function quantity(text: string): number {
  const [, count, unit = ''] = /^([+-]?[0-9.]+(?:e[+-]?\d+)?)([a-zA-Z]*)$/i.exec(text) ?? [];
  return Number(count) * (units[unit] ?? Number.NaN);
}

/** How many of a number of pods `25%` or `1` are, rounded up as a rollout does for its surge. */
export const shareOf = (share: number | string, count: number): number =>
  typeof share === 'number' ? share : Math.ceil((Number.parseFloat(share) / 100) * count);
