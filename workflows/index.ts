/** Every workflow that Temporal may start. */
export { dynexOutage } from './runbooks/dynex-outage.ts';
export { takeBack } from './take-back.ts';
