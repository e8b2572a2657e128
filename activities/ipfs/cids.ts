/** CIDs as people and platforms write them: the same hash in one spelling, whatever the version, the base and what stands around it. Pure. */

interface Base {
  digits: string;
  /** Bits of a digit; absent where it is none of whole bits, and zero bytes in front are digits of their own. */
  bits?: number;
}

const base58: Base = { digits: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz' };
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** By the first character (https://github.com/multiformats/multibase). */
const bases: Record<string, Base> = {
  f: { digits: '0123456789abcdef', bits: 4 },
  F: { digits: '0123456789ABCDEF', bits: 4 },
  b: { digits: base32, bits: 5 },
  B: { digits: base32.toUpperCase(), bits: 5 },
  k: { digits: '0123456789abcdefghijklmnopqrstuvwxyz' },
  z: base58,
  m: { digits: `${letters}+/`, bits: 6 },
  u: { digits: `${letters}-_`, bits: 6 },
};

/** The hash that a reference names, in hex; nothing where it is no CID. @param text a CID, an `ipfs:` address, a path or a gateway's address */
export function hashNamed(text: string): string | undefined {
  const around =
    /(?:^ipfs:\/\/|\/ipfs\/)(?:ipfs\/)?([^/?#]+)/.exec(text.trim()) ?? /^https?:\/\/([^./]+)\.ipfs\./.exec(text.trim());
  const cid = around?.[1] ?? text.trim();
  const [first = ''] = cid;
  const bytes = isVersionZero(cid) ? decoded(cid, base58) : decoded(cid.slice(1), bases[first]);
  if (!bytes) return undefined;
  return isVersionZero(cid) ? hashOf(bytes) : ofVersionOne(bytes);
}

const isVersionZero = (cid: string) => cid.length === 46 && cid.startsWith('Qm');

/** Behind the version and the codec: of one hash, whatever the codec, one pin protects the other. */
function ofVersionOne(bytes: number[]): string | undefined {
  const version = numberAt(bytes, 0);
  const codec = version?.value === 1 ? numberAt(bytes, version.next) : undefined;
  return codec && hashOf(bytes.slice(codec.next));
}

/** Its function, its length, and so many bytes (https://github.com/multiformats/multihash). */
function hashOf(bytes: number[]): string | undefined {
  const length = numberAt(bytes, numberAt(bytes, 0)?.next ?? bytes.length);
  if (!length || length.value === 0 || length.value !== bytes.length - length.next) return undefined;
  return Buffer.from(bytes).toString('hex');
}

/** An unsigned varint (https://github.com/multiformats/unsigned-varint). */
function numberAt(bytes: number[], start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (const [index, byte] of bytes.slice(start, start + 4).entries()) {
    value += (byte % 128) * 128 ** index;
    if (byte < 128) return { value, next: start + index + 1 };
  }
  return undefined;
}

function decoded(text: string, base: Base | undefined): number[] | undefined {
  if (!base || text.length === 0 || text.length > 200) return undefined;
  const digits = Array.from(text, digit => base.digits.indexOf(digit));
  if (digits.includes(-1)) return undefined;
  return base.bits === undefined ? byValue(digits, base.digits.length) : byBits(digits, base.bits);
}

/** Bits behind the last whole byte are padding. */
function byBits(digits: number[], bits: number): number[] {
  const all = digits.map(digit => digit.toString(2).padStart(bits, '0')).join('');
  return Array.from({ length: Math.floor(all.length / 8) }, (_, index) =>
    Number.parseInt(all.slice(index * 8, index * 8 + 8), 2),
  );
}

function byValue(digits: number[], size: number): number[] {
  const zeros = digits.findIndex(digit => digit !== 0);
  const value = digits.reduce((sum, digit) => sum * BigInt(size) + BigInt(digit), 0n);
  const hex = value.toString(16);
  return [...Buffer.alloc(Math.max(0, zeros)), ...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')];
}
