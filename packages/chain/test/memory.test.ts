import { MemoryChain } from '@piecework/testkit'
import { networkAddress } from '../src/index.ts'
import { chainContract, type Harness, TOKENS } from './contract.ts'
import { chainLife } from './life.ts'
import { chainMoney } from './money.ts'
import { keyNamed, mint, nameHash, programId } from './support/localnet.ts'

async function memoryHarness(): Promise<Harness> {
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

chainContract('the chain in memory', memoryHarness)
chainLife('a network in memory', memoryHarness)
chainMoney('money in memory', memoryHarness)
