/** The messages that a runbook may send, in words. */

import type { Described } from './described.ts';

type Name = 'declareIncident' | 'setStatusPage' | 'remark' | 'page' | 'tellCustomers';

export const messages: { readonly [N in Name]: Described<N> } = {
  declareIncident: {
    subject: 'comms',
    does: 'Posts the incident in its Slack channel, and keeps that message true',
    input: { title: 'the runbook', channel: 'optional; true for a channel of its own, or { private, roles }' },
  },
  setStatusPage: {
    subject: 'comms',
    does: 'Publishes a text, while what it claims is measured, and the state of a component',
    input: { component: 'as in platform.json', status: "Statuspage's word", text: 'a shipped text', share: 'optional; ratio' },
    asks: 'never; held and observed as an action is',
    undo: 'withdraws the notice',
  },
  tellCustomers: {
    subject: 'comms',
    does: 'Mails a text to customers once a person sends it, one of its kind a day to each; without readers the text is ready to paste',
    input: {
      text: 'the name of a shipped text',
      component: 'optional; as in platform.json',
      list: 'optional; customers that a check froze',
      to: "optional; 'all customers', or 'customers whose quota it raised'",
      given: 'optional; the words that the text needs',
      before: 'optional; RFC 3339, from when on it is not sent any more',
    },
    asks: 'always',
  },
  remark: {
    subject: 'comms',
    does: "Posts a text in the incident's channel, once",
    input: { text: 'the text', lines: 'optional; further lines' },
  },
  page: {
    subject: 'oncall',
    does: 'Pages roles; the next one where no one of a role is reached',
    input: {
      roles: 'roles of platform.json',
      because: 'optional; why',
      again: 'optional; which page of the escalation it is',
      unlessAcknowledged: 'optional; true: not if PagerDuty says that a page before it is acknowledged',
    },
  },
};
