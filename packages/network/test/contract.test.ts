import { describeContract } from './support/contract.ts'
import { Libp2pWorld, MemoryWorld } from './support/worlds.ts'

describeContract('in memory', () => new MemoryWorld())
describeContract('over libp2p', () => new Libp2pWorld())
