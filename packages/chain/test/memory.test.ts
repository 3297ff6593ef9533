import { memoryHarness } from '@piecework/testkit/settlement'
import { chainAuthority } from './authority.ts'
import { chainContract } from './contract.ts'
import { chainLife } from './life.ts'
import { chainLimits } from './limits.ts'
import { chainMoney } from './money.ts'
import { chainStakes } from './stakes.ts'

chainContract('the chain in memory', async () => memoryHarness())
chainLife('a network in memory', async () => memoryHarness())
chainMoney('money in memory', async () => memoryHarness())
chainLimits('limits in memory', async () => memoryHarness())
chainAuthority('an authority in memory', async () => memoryHarness())
chainStakes('stakes in memory', async () => memoryHarness())
