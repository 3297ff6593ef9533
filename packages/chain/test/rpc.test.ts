import { chainContract } from './contract.ts'
import { chainLife } from './life.ts'
import { chainMoney } from './money.ts'
import { rpcHarness } from './support/localnet.ts'

chainContract('the chain over RPC', rpcHarness)
chainLife('a network over RPC', rpcHarness)
chainMoney('money over RPC', rpcHarness)
