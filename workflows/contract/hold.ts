/** The annotation of the hold's ConfigMap with which `runbooks release` says when it ended a hold, RFC 3339: any other end was not ordered here. */
export const releasedAt = 'nqba-runbooks/released';
