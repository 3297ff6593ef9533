// What a node needs of its machine and of the world, as concrete things: time, chain and network.
import type { Watched } from '@piecework/api'
import { bytesOf, parseAddress, type RpcChain, type Time, timeOf } from '@piecework/chain'
import { nodeChain } from '@piecework/chain/node'
import { type Network, protocols } from '@piecework/network'
import { countWith, libp2pNetwork } from '@piecework/network/libp2p'
import type { NodeConfig } from './config.ts'

export const time: Time = timeOf(() => performance.now())

/** Somebody carries claims: without one of these a node is not paid. */
const WANTS: readonly string[] = [protocols.relay.name]

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
