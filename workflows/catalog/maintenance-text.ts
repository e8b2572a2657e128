/** The public text about a maintenance: of the mail, and of the entry that a person puts on the status page. */

export const maintenanceText = {
  subject: 'Scheduled maintenance',
  /** @param window `Sunday, 2026-12-06, 02:00 to 04:00 UTC` */
  body: (window = '') =>
    `We maintain our platform on ${window}. It may be slow or not answer for some minutes of that time. You need to do nothing. If the maintenance does not take place, we write again.`,
} as const;
