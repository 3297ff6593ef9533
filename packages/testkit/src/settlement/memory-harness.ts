// The chain in memory for a test to drive: a payer with SOL and tokens, and slots by hand.
import { createHash } from 'node:crypto'
import { type Address, addressOf, networkAddress, type Signer, signerFromSecret } from '@piecework/chain'
import { MemoryChain } from '../chain/memory-chain.ts'
import type { Harness } from './harness.ts'

/** What the payer has of the mint. */
export const TOKENS = 1_000_000n
const LAMPORTS = 1_000_000_000n

const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest()

export function keyNamed(name: string): Signer {
  return signerFromSecret(hashOf(`key of ${name}`))
}

export const programId: Address = addressOf(hashOf('the program'))
export const mint: Address = addressOf(hashOf('the mint'))
export const nameHash: Uint8Array = hashOf('the network')

export function memoryHarness(): Harness & { readonly chain: MemoryChain } {
  const payer = keyNamed('payer')
  const chain = new MemoryChain({ programId, network: networkAddress(programId, payer.address, nameHash) })
  chain.fund(payer.address, LAMPORTS)
  chain.giveTokens(payer.address, mint, TOKENS)
  chain.tick(10)
  return {
    chain,
    creator: payer,
    payer,
    nameHash,
    mint,
    key: keyNamed,
    tick: async (slots) => chain.tick(slots),
    during: (work) => chain.during(work),
    stop: async () => {},
  }
}
