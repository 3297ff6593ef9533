import { memoryHarness } from '@piecework/testkit/settlement'
import { chainContract } from './contract.ts'
import { chainLife } from './life.ts'
import { chainMoney } from './money.ts'

chainContract('the chain in memory', async () => memoryHarness())
chainLife('a network in memory', async () => memoryHarness())
chainMoney('money in memory', async () => memoryHarness())
