/** The one interface to page people: every way to page takes the same page and its end. */

/** The common fields of a page and its resolution. Texts are plain lines; whoever writes them bounds them. */
export interface PageEnd {
  /** A mail address, or the name of the variable that holds a routing key or a URL; never the secret. */
  to: string;
  /** At most 255 characters; the same again is the same page. */
  dedupKey: string;
  /** The event, or its resolution; at most 1024 characters. */
  summary: string;
  /** The same for chats: no mention, link or command is made of it. */
  text: string;
  details: Record<string, string>;
}

export interface Page extends PageEnd {
  severity: 'critical' | 'error' | 'warning' | 'info';
  link?: { href: string; text: string };
}

/** The state of a page that was accepted. */
export interface PageState {
  /** As the pager calls it. */
  id: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  /** The person who has acknowledged it. */
  acknowledgedBy?: string | undefined;
}

/** Every call throws SystemError. That it is accepted does not mean that anyone has read it. */
export interface Pager {
  /** Why no one is paged there, as `ANN_WEBHOOK_URL is not set`; nothing where someone is. */
  lacks: (to: string) => string | undefined;
  trigger: (page: Page) => Promise<void>;
  resolve: (end: PageEnd) => Promise<void>;
  /** Absent where a page cannot be acknowledged. One that is not there is acknowledged as well, and changes nothing. */
  acknowledge?: (page: Pick<PageEnd, 'to' | 'dedupKey'>) => Promise<void>;
  /** Absent where that cannot be asked. Nothing: it was accepted, but no one is paged by it. */
  stateOf?: ((dedupKey: string) => Promise<PageState | undefined>) | undefined;
}

/** The secret that a variable, or the file that it names, holds now. */
export type Secrets = (variable: string) => string | undefined;

/** The ways to wake someone; one that is absent is not connected. */
export interface Pagers {
  pagerduty?: Pager | undefined;
  webhook?: Pager | undefined;
  mail?: Pager | undefined;
}
