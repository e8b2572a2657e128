import type { Hono } from 'hono';
import { type Surroundings, standIn } from './stand-in.ts';
export const statuspage = (_around: Surroundings): Hono => standIn();
