// Who may do a job, by wallet: people that a founder knows, or those who passed a job before. The chain holds the SHA-256 of the
// list as the job's allowRoot, and verifiers fetch it by that, as they do all content.
import { concat, equalBytes, HASH_BYTES, toHex } from '@piecework/protocol'
import { WorkError } from './errors.ts'

/** 2 MB of wallets: every contributor of a large network. */
const ALLOWED = 65_536

/** Ascending, each once: the same people are the same bytes. */
export function writeAllowList(wallets: readonly Uint8Array[]): Uint8Array {
  if (wallets.length > ALLOWED || wallets.some((wallet) => wallet.length !== HASH_BYTES))
    throw new WorkError(
      'spec/invalid',
      `An allow list has at most ${ALLOWED} wallets, of ${HASH_BYTES} bytes each.`,
    )
  const ascending = wallets.toSorted(Buffer.compare)
  return concat(ascending.filter((wallet, i) => i === 0 || !equalBytes(wallet, ascending[i - 1] ?? wallet)))
}

/** In hexadecimal. Any bytes are a list: what is left at the end is nobody. */
export function readAllowList(list: Uint8Array): ReadonlySet<string> {
  const count = Math.floor(list.length / HASH_BYTES)
  return new Set(
    Array.from({ length: count }, (_, i) => toHex(list.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))),
  )
}
