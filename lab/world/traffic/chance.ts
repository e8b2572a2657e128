/** Chance that is the same each time: a number below 1 for a name and a place. */

export function seedOf(name: string): number {
  let seed = 2_166_136_261;
  for (const letter of name) seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return seed >>> 0;
}

export function chance(seed: number, place: number): number {
  let mixed = Math.imul(seed ^ Math.imul(place + 1, 2_654_435_761), 2_246_822_519);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 3_266_489_917);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4_294_967_296;
}
