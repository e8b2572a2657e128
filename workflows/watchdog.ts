/** Alertmanager's Watchdog of one cluster: its absence pages the first level that detection is blind. Nothing is changed, and nothing said in public. */

export { watchDetection as watchdog } from './kit/lifecycle/watchdog.ts';
