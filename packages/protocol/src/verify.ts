/**
 * Whether a signature of these bytes is this key's: `verifySignature` of signing.ts, or a stand-in that counts, or
 * spreads the work. Given from outside, so that what checks messages can be measured and tested without keys.
 */
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean
