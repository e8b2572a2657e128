import type { Hono } from 'hono';
import { type Surroundings, standIn } from './stand-in.ts';
export const pagerduty = (_around: Surroundings): Hono => standIn();
