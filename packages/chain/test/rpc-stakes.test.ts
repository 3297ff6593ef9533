import { chainAuthority } from './authority.ts'
import { chainLimits } from './limits.ts'
import { chainStakes } from './stakes.ts'
import { rpcHarness } from './support/localnet.ts'

chainLimits('limits over RPC', rpcHarness)
chainAuthority('an authority over RPC', rpcHarness)
chainStakes('stakes over RPC', rpcHarness)
