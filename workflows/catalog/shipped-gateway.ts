/** The activities about limits, quotas and sources that a runbook may call, in words. */

import type { Described } from './described.ts';

type Name = 'setLimit' | 'blockSources' | 'raiseQuotas' | 'quotas' | 'traffic' | 'abuse' | 'limits';

export const gateway: { readonly [N in Name]: Described<N> } = {
  setLimit: {
    subject: 'gateway',
    does: 'Limits calls, by annotations of Ingresses or by the API of the platform: routes of low priority to half of their reviewed limit, or every class of routes as reviewed; by annotations nothing where the access log does not show the addresses of clients, and no reviewed limit that is stricter than now and below the p99 of normal use',
    input: { limit: "'essential only' or 'reviewed'" },
    asks: 'to set the reviewed limits, and to make an Ingress for routes of low priority alone, always; else where a limit is in force that no one has reviewed, where half of the reviewed one is below the p99 of normal use or that is not known, and where the incident has limited calls for half an hour in all',
    undo: 'limits as before; without an approval it ends after half an hour of its incident, with one after a day',
  },
  blockSources: {
    subject: 'gateway',
    does: 'Refuses calls, by annotations of Ingresses or by the API of the platform, from the sources of a list that a check froze, for a day at most; nothing that is private, ours or agreed on, and nothing where the access log does not show the addresses of clients',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'blocked is what was blocked before; it ends by itself after a day at most, and until then no other incident blocks at an Ingress',
  },
  raiseQuotas: {
    subject: 'gateway',
    does: 'Raises the quotas and rates that a list names for its customers, by the API of the platform, for 30 days at most and never above the next tier; what was raised by others stays',
    input: {
      list: 'the name under which a check froze them',
      by: 'part of what each may use that is added: 0.5 is half as much again',
    },
    asks: 'always',
    undo: 'ends what it raised; it ends by itself after 30 days at most, and stays until its end',
  },
  quotas: {
    subject: 'gateway',
    does: 'Checks how much is used of everything that is limited: quotas of customers, calls of Dynex, ResourceQuotas',
    input: {
      above: 'optional; part of what is allowed, 0 to 1: faulty above 0.9 unless told',
      rates: 'optional; true counts calls a minute of the access log too',
      freeze: 'optional; the name under which customers above it are frozen for an action',
    },
  },
  traffic: {
    subject: 'gateway',
    does: 'Checks customers, endpoints and addresses of the last hour against the same hour of the last seven days',
    input: {
      by: "optional; 'customer', 'endpoint' or 'address'; all three unless told",
      freeze: 'optional; the name under which customers that grew are frozen for an action',
    },
  },
  abuse: {
    subject: 'gateway',
    does: 'Searches the access log by rules that tell abuse from a bug, each hit with a sample',
    input: {
      surface: "'api' or 'login'",
      freeze: 'optional; the name under which the sources are frozen for an action',
    },
  },
  limits: {
    subject: 'gateway',
    does: 'Checks the limits in force at each layer against the reviewed ones in platform.json',
    input: {
      layer: "optional; 'edge', 'app' or 'tiers'; all unless told",
      probe: 'optional; true lets a customer of ours on each tier call until it is refused',
    },
  },
};
