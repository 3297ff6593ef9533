// What a verifier needs of its machine and of the world, as concrete things: time, chance, chain, network and sandbox.
import { randomBytes as bytesOfChance } from 'node:crypto'
import type { Log, Metrics } from '@piecework/api'
import { bytesOf, parseAddress, type RpcChain, rpcChain, type Time, timeOf } from '@piecework/chain'
import { nodeTransport } from '@piecework/chain/node'
import type { Network } from '@piecework/network'
import { countWith, libp2pNetwork } from '@piecework/network/libp2p'
import { findPrefix, type Kinds, makeSandbox, type Sandbox } from '@piecework/work'
import type { VerifierConfig } from './config.ts'

export const time: Time = timeOf(() => performance.now())

export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(bytesOfChance(length))
}

export interface Watched {
  readonly log: Log
  readonly metrics: Metrics
}

export function chainOf({ program, network, rpc }: VerifierConfig, { metrics }: Watched): RpcChain {
  const help = 'Calls to RPC endpoints, by what came of them.'
  const called = metrics.counter('rpc_calls_total', help, ['method', 'outcome'])
  return rpcChain(
    { programId: parseAddress(program), network: parseAddress(network), endpoints: rpc },
    {
      time,
      random: Math.random,
      ...nodeTransport(),
      onCall: ({ method, outcome }) => called({ method, outcome }),
    },
  )
}

export function networkOf(config: VerifierConfig, secret: Uint8Array, { log, metrics }: Watched): Network {
  const { network, listen, announce, bootstrap, preset } = config
  const networkId = bytesOf(parseAddress(network))
  const options = { networkId, secret, role: 'hub', listen, announce, bootstrap, preset } as const
  return libp2pNetwork(options, { time, random: Math.random, log, count: countWith(metrics.counter) })
}

export async function sandboxFor(kinds: Kinds, processes: number): Promise<Sandbox> {
  const wallMs = Math.max(...kinds.all.map(({ limits }) => limits.wallMs))
  const options = { node: process.execPath, wallMs }
  return makeSandbox({ ...options, prefix: await findPrefix(options), processes })
}
