// A network in memory that has begun, with slots by hand.
import type { MemoryChain } from '@piecework/testkit'
import { localParams, memoryHarness, SLOTS_TO_FINALITY, TestNetwork } from '@piecework/testkit/settlement'

export async function startedInMemory(): Promise<MemoryChain> {
  const harness = memoryHarness()
  await new TestNetwork(harness).begin(localParams())
  harness.chain.tick(SLOTS_TO_FINALITY)
  return harness.chain
}
