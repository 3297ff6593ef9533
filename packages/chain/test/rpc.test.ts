import { chainContract } from './contract.ts'
import { rpcHarness } from './support/localnet.ts'

chainContract('the chain over RPC', rpcHarness)
