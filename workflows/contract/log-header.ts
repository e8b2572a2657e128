/** The header with which a workflow tells the log of the worker: `{ incident, step }`. */
export const aboutHeader = 'nqba-runbooks-about';
