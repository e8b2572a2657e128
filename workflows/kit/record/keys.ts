/** A phase or a title as one part of a key. */
export const keyPart = (text: string) => text.replace(/[%/]/g, encodeURIComponent);
