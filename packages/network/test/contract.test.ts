import { describeContract } from './support/contract.ts'
import { describeLinks } from './support/link-contract.ts'
import { Libp2pWorld, MemoryWorld } from './support/worlds.ts'

describeContract('in memory', () => new MemoryWorld())
describeContract('over libp2p', () => new Libp2pWorld())
describeLinks('in memory', () => new MemoryWorld())
describeLinks('over libp2p', () => new Libp2pWorld())
