/** Critical alerts without a runbook: the first level is paged that there is none. Nothing is changed, and nothing said in public. */

export { notices as notice } from './kit/lifecycle/notices.ts';
