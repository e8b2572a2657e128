/** The search for secrets where none may be: each canary in the forms in which a program could have written it down. */

export interface Place {
  name: string;
  /** All that stands there, in pieces. */
  pieces: Uint8Array[];
}

/** Names of credentials to their values. */
export type Canaries = Readonly<Record<string, string>>;

/** As it is, percent-encoded, escaped in JSON, in hexadecimal, and in base64 wherever it begins within what was encoded. */
export function formsOf(canary: string): string[] {
  const bytes = Buffer.from(canary);
  const hex = bytes.toString('hex');
  const percent = [
    encodeURIComponent(canary),
    new URLSearchParams({ '': canary }).toString().slice(1),
    hex.replaceAll(/../g, '%$&'),
  ];
  const texts = [canary, JSON.stringify(canary).slice(1, -1), hex, ...percent, ...percent.map(text => text.toLowerCase())];
  const encoded = [0, 1, 2].flatMap(before => [base64(bytes, before, 'base64'), base64(bytes, before, 'base64url')]);
  return [...new Set([...texts, ...encoded])];
}

/** The characters that are the same whatever stands around it; six bits are one character. */
function base64(bytes: Buffer, before: number, alphabet: 'base64' | 'base64url'): string {
  const all = Buffer.concat([Buffer.alloc(before), bytes]);
  return all.toString(alphabet).slice(Math.ceil((8 * before) / 6), Math.floor((8 * all.length) / 6));
}

/** `credential in place`, once for each pair. */
export function found(canaries: Canaries, places: readonly Place[]): string[] {
  const sought = Object.entries(canaries).map(([name, value]) => ({ name, forms: formsOf(value) }));
  return places.flatMap(place => {
    const pieces = place.pieces.map(piece => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    const has = (form: string) => pieces.some(piece => piece.includes(form));
    return sought.filter(({ forms }) => forms.some(has)).map(({ name }) => `${name} in ${place.name}`);
  });
}
