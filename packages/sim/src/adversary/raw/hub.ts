// A hub over real connections, and peers that attack it.
import { createHash } from 'node:crypto'
import { type Network, protocols, type RuleId } from '@piecework/network'
import {
  libp2pNetwork,
  Names,
  type NetworkOptions,
  type NetworkPorts,
  SHARDS,
  TOPICS,
} from '@piecework/network/libp2p'
import { SeededRandom } from '@piecework/testkit/random'
import { RawPeer } from '@piecework/testkit/raw-peer'
import { timers } from './timers.ts'

export const NETWORK_ID: Uint8Array = new Uint8Array(32).fill(7)
export const NAMES: Names = new Names(NETWORK_ID, SHARDS)
const LISTEN = ['/ip4/127.0.0.1/tcp/0']

export function secretOf(name: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`secret of ${name}`).digest())
}

/** A home or hub of this name, not started. */
export function peerNamed(
  name: string,
  options: Pick<NetworkOptions, 'role'> & Partial<NetworkOptions>,
  given: Pick<NetworkPorts, 'count' | 'isHub'> = {},
): Network {
  const random = new SeededRandom(name)
  return libp2pNetwork(
    {
      networkId: NETWORK_ID,
      secret: secretOf(name),
      listen: options.role === 'hub' ? LISTEN : [],
      bootstrap: [],
      preset: 'local',
      ...options,
    },
    { time: timers, random: () => random.float(), ...given },
  )
}

interface Judging {
  /** Of messages on every topic; without it all are sound. */
  readonly judge?: ((bytes: Uint8Array) => RuleId) | undefined
}

/** A started hub that answers and listens, for the time of an attack. */
export async function attacked<T>(
  attack: (hub: Network) => Promise<T>,
  { judge = () => 'sound', ...given }: Pick<NetworkPorts, 'count'> & Judging = {},
): Promise<T> {
  const hub = peerNamed('an attacked hub', { role: 'hub' }, given)
  hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
  hub.answer(protocols.upload, () => Promise.reject(new Error('nothing is taken here')))
  for (const topic of TOPICS) hub.subscribe(topic, async ({ bytes }) => judge(bytes))
  await hub.start()
  try {
    return await attack(hub)
  } finally {
    await hub.stop()
  }
}

/** For the time of what it does. */
export async function withRaw<T>(
  hub: Network,
  { isMute = true }: { readonly isMute?: boolean },
  act: (raw: RawPeer) => Promise<T>,
): Promise<T> {
  const raw = await RawPeer.dial({
    address: hub.addresses()[0] ?? '',
    prefix: NAMES.prefix,
    dht: NAMES.dht,
    isMute,
  })
  try {
    return await act(raw)
  } finally {
    await raw.stop()
  }
}
