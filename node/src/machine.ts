// What a node needs of its machine and of the world, as concrete things: time, chance, chain, network and sandbox.
import { randomBytes as bytesOfChance } from 'node:crypto'
import type { Log, Metrics } from '@piecework/api'
import { bytesOf, parseAddress, type RpcChain, type Time, timeOf } from '@piecework/chain'
import { nodeChain } from '@piecework/chain/node'
import { type Network, protocols } from '@piecework/network'
import { countWith, libp2pNetwork } from '@piecework/network/libp2p'
import { findPrefix, type Kinds, makeSandbox, type Sandbox } from '@piecework/work'
import type { NodeConfig } from './config.ts'

export const time: Time = timeOf(() => performance.now())

export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(bytesOfChance(length))
}

/** Somebody carries claims: without one of these a node is not paid. */
const WANTS: readonly string[] = [protocols.relay.name]

export interface Watched {
  readonly log: Log
  readonly metrics: Metrics
}

export function chainOf(config: NodeConfig, { metrics }: Watched): RpcChain {
  return nodeChain(config, { time, random: Math.random, counter: metrics.counter })
}

/** A home only dials out; who gives addresses to listen at can be dialled by others. */
export function networkOf(config: NodeConfig, secret: Uint8Array, { log, metrics }: Watched): Network {
  const { listen, bootstrap, allow, deny, mdns, preset } = config
  const networkId = bytesOf(parseAddress(config.network))
  const role = listen.length === 0 ? 'home' : 'hub'
  const reach = { listen, bootstrap, allow, deny, mdns, wants: WANTS } as const
  const options = { networkId, secret, role, ...reach, preset } as const
  return libp2pNetwork(options, { time, random: Math.random, log, count: countWith(metrics.counter) })
}

export async function sandboxFor(kinds: Kinds, processes: number): Promise<Sandbox> {
  const wallMs = Math.max(...kinds.all.map(({ limits }) => limits.wallMs))
  const options = { node: process.execPath, wallMs }
  return makeSandbox({ ...options, prefix: await findPrefix(options), processes })
}
