/** The form in which a platform limits and blocks, as its description says: annotations of Ingresses, or its own API. */

import { gatewayOf, type Platform } from '../platform.ts';
import { apiBlockForm } from './api/block-form.ts';
import { apiLimitForm } from './api/limit-form.ts';
import type { BlockForm } from './block-form.ts';
import { ingressBlockForm } from './ingress-block-form.ts';
import { ingressLimitForm } from './ingress-limit-form.ts';
import type { LimitForm } from './limit-form.ts';

export const limitFormOf = (platform: Platform): LimitForm =>
  gatewayOf(platform).form === 'api' ? apiLimitForm : ingressLimitForm;

export const blockFormOf = (platform: Platform): BlockForm =>
  gatewayOf(platform).form === 'api' ? apiBlockForm : ingressBlockForm;
