/** CIDs as people and platforms write them: the same hash in one spelling, whatever the version, the base and what stands around it. Pure. */

import { base16, base16upper } from 'multiformats/bases/base16';
import { base32, base32upper } from 'multiformats/bases/base32';
import { base36, base36upper } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { base64, base64url } from 'multiformats/bases/base64';
import { CID } from 'multiformats/cid';

const anyBase = base16.decoder
  .or(base16upper.decoder)
  .or(base32.decoder)
  .or(base32upper.decoder)
  .or(base36.decoder)
  .or(base36upper.decoder)
  .or(base58btc.decoder)
  .or(base64.decoder)
  .or(base64url.decoder);

/** Characters: the time to read base58 grows with the square of its length. */
const longest = 200;

/**
 * The hash that a reference names, in hex; nothing where it is no CID. Of one hash, whatever the codec, one pin protects the other.
 *
 * @param text a CID, an `ipfs:` address, a path or a gateway's address
 */
export function hashNamed(text: string): string | undefined {
  const around =
    /(?:^ipfs:\/\/|\/ipfs\/)(?:ipfs\/)?([^/?#]+)/.exec(text.trim()) ?? /^https?:\/\/([^./]+)\.ipfs\./.exec(text.trim());
  const cid = around?.[1] ?? text.trim();
  if (cid.length > longest) return undefined;
  try {
    return Buffer.from(CID.parse(cid, anyBase).multihash.bytes).toString('hex');
  } catch {
    return undefined;
  }
}
