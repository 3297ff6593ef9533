// A network in memory that has begun, with slots by hand.
import { MemoryChain } from '@piecework/testkit'
import { type Harness, localParams, SLOTS_TO_FINALITY, TestNetwork } from '@piecework/testkit/settlement'
import { networkAddress } from '../../src/index.ts'
import { TOKENS } from '../contract.ts'
import { keyNamed, mint, nameHash, programId } from './localnet.ts'

export function memoryHarness(): Harness & { readonly chain: MemoryChain } {
  const payer = keyNamed('payer')
  const chain = new MemoryChain({ programId, network: networkAddress(programId, payer.address, nameHash) })
  chain.fund(payer.address, 1_000_000_000n)
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

export async function startedInMemory(): Promise<MemoryChain> {
  const harness = memoryHarness()
  await new TestNetwork(harness).begin(localParams())
  harness.chain.tick(SLOTS_TO_FINALITY)
  return harness.chain
}
