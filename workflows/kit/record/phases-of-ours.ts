/** Phases that no runbook has: where the record keeps what the incident itself sends. */

export const pagingPhase = 'Paging';
export const questionsPhase = 'Questions';
export const ticketsPhase = 'Tickets';
