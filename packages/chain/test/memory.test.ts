import { chainContract } from './contract.ts'
import { chainLife } from './life.ts'
import { chainMoney } from './money.ts'
import { memoryHarness } from './support/in-memory.ts'

chainContract('the chain in memory', async () => memoryHarness())
chainLife('a network in memory', async () => memoryHarness())
chainMoney('money in memory', async () => memoryHarness())
