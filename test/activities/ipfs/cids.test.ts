/** A hash is known in every spelling of its CID; what is no CID names none. Pairs are those of the IPFS documents and of Kubo. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashNamed } from '../../../activities/ipfs/cids.ts';

/** https://docs.ipfs.tech/concepts/content-addressing/#version-1-v1, converted there. */
const zero = 'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR';
const one = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const digest = 'c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a';

test('one hash in every spelling', () => {
  const hex = `f01701220${digest}`;
  const base36 = `k${BigInt(`0x01701220${digest}`).toString(36)}`;
  const base64 = `u${Buffer.from(`01701220${digest}`, 'hex').toString('base64url')}`;
  const raw = `f01551220${digest}`;
  const spellings = [zero, one, one.toUpperCase(), hex, hex.toUpperCase(), base36, base36.toUpperCase(), base64, raw];
  for (const cid of spellings)
    for (const text of [cid, ` ${cid}\n`, `ipfs://${cid}`, `ipfs://ipfs/${cid}`, `/ipfs/${cid}`, `/ipfs/${cid}/record.json`])
      assert.equal(hashNamed(text), `1220${digest}`, text);
  for (const text of [`https://ipfs.io/ipfs/${one}?download=true`, `https://${one}.ipfs.dweb.link/`])
    assert.equal(hashNamed(text), `1220${digest}`, text);
});

test('what is no CID names no hash', () => {
  const cut = one.slice(0, -3);
  const strange = [
    '',
    'pending',
    cut,
    `${one}a`,
    zero.slice(0, -1),
    zero.replace('Q', 'I'),
    'Qm',
    'b',
    '/ipfs/',
    'ipfs://',
    'z'.repeat(400),
  ];
  for (const text of [...strange, `ar://${one}`, `/ipns/${one}`]) assert.equal(hashNamed(text), undefined, text);
});
