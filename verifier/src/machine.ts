// What a verifier needs of its machine and of the world, as concrete things: time, chain and network.
import type { Watched } from '@piecework/api'
import { bytesOf, parseAddress, type RpcChain, type Time, timeOf } from '@piecework/chain'
import { nodeChain } from '@piecework/chain/node'
import type { Network } from '@piecework/network'
import { countWith, libp2pNetwork } from '@piecework/network/libp2p'
import type { VerifierConfig } from './config.ts'

export const time: Time = timeOf(() => performance.now())

export function chainOf(config: VerifierConfig, { metrics }: Watched): RpcChain {
  return nodeChain(config, { time, random: Math.random, counter: metrics.counter })
}

/** Other verifiers are the hubs that hear everything: who they are is known once the chain was read. */
export function networkOf(
  config: VerifierConfig,
  secret: Uint8Array,
  { log, metrics, isVerifier }: Watched & { readonly isVerifier: (key: Uint8Array) => boolean },
): Network {
  const { listen, announce, bootstrap, allow, deny, mdns, preset } = config
  const networkId = bytesOf(parseAddress(config.network))
  const reach = { listen, announce, bootstrap, allow, deny, mdns } as const
  const ports = { time, random: Math.random, log, count: countWith(metrics.counter), isHub: isVerifier }
  return libp2pNetwork({ networkId, secret, role: 'hub', ...reach, preset }, ports)
}
