/** The pages of an incident are acknowledged where they were sent. Nothing is changed, and nothing said in public. */

export { acknowledgePages } from './kit/lifecycle/acknowledge-pages.ts';
