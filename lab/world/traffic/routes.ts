/** The routes that customers call, by the names and classes that limits may name. */

export const routes = {
  login: { method: 'POST', path: '/api/v1/auth/login', class: 'essential' },
  refresh: { method: 'POST', path: '/api/v1/auth/refresh', class: 'essential' },
  health: { method: 'GET', path: '/health', class: 'essential' },
  'job-status': { method: 'GET', path: '/api/v1/qih/jobs/{id}', class: 'essential' },
  'job-submit': { method: 'POST', path: '/api/v1/qih/jobs', class: 'standard' },
  usage: { method: 'GET', path: '/api/v1/qih/usage', class: 'standard' },
  batch: { method: 'POST', path: '/api/v1/qih/batch', class: 'low-priority' },
  exports: { method: 'GET', path: '/api/v1/exports', class: 'low-priority' },
  analytics: { method: 'GET', path: '/api/v1/analytics', class: 'low-priority' },
  demos: { method: 'GET', path: '/api/v1/demos', class: 'low-priority' },
} as const;
export type RouteName = keyof typeof routes;
export const classes = ['essential', 'standard', 'low-priority'] as const;

/** A route by its short name or by its path. */
export const isRoute = (name: string) => Object.entries(routes).some(([short, { path }]) => short === name || path === name);
