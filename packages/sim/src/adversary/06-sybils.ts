// Adversary 6: four of five connections to a hub belong to one attacker. They listen to all that nodes send, ask to be told
// first, and pass nothing on. Homes keep this hub alone; what they send is to reach it, and through it the other hub.
import { setTimeout } from 'node:timers/promises'
import type { Network } from '@piecework/network'
import { SHARDS } from '@piecework/network/libp2p'
import { readBatch, toHex } from '@piecework/protocol'
import { graftsFrame, RawPeer, type RawStream, subscriptionsFrame } from '@piecework/testkit/raw-peer'
import { atLeast, type Measured } from '../bench/types.ts'
import { batchOf } from './gossip/messages.ts'
import { nodeKey } from './gossip/verifier.ts'
import { NAMES, NETWORK_ID, peerNamed } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

interface Scale {
  readonly homes: number
  readonly batches: number
}

const SCALES: Readonly<Record<Size, Scale>> = {
  short: { homes: 1, batches: 16 },
  full: { homes: 20, batches: 50 },
}
/** For each home, and for the other hub. */
const SYBILS_EACH = 4
/** What was sent last gets so long: some rounds of what gossip tells late. */
const LAST_MS = 30_000
const LOOK_MS = 50
/** Between batches that only find out whether the other hub listens by now; of nodes that send nothing else. */
const WARM_MS = 50
const FIRST_WARM = 1_000_000
const LEAST_DELIVERED = 0.99

/** The hashes of what it hears. */
function listening(hub: Network): Set<string> {
  const heard = new Set<string>()
  hub.subscribe('batches', async ({ bytes }) => {
    heard.add(toHex(readBatch(bytes).hash))
    return 'sound'
  })
  return heard
}

/** Connected to at least so many. */
async function connected(network: Network, peers: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = network.onPeer(() => {
    if (network.peers().length >= peers) resolve()
  })
  await promise
  end()
}

/**
 * Gossip tells a hub that has just come nothing of the moment before: nodes publish again until they are acknowledged.
 * Here a home publishes until the hub hears of every shard.
 */
async function warmedUp(home: Network, heard: ReadonlySet<string>): Promise<void> {
  const late = performance.now() + LAST_MS
  const missing = new Map<string, string>()
  const shards = new Set<string>()
  for (let node = FIRST_WARM; shards.size < SHARDS && performance.now() < late; node++) {
    const bytes = batchOf({ networkId: NETWORK_ID, key: nodeKey(node) })
    missing.set(toHex(readBatch(bytes).hash), NAMES.topicOf('batches', bytes) ?? '')
    await home.publish('batches', bytes)
    await setTimeout(WARM_MS)
    for (const [hash, shard] of missing) if (heard.has(hash)) shards.add(shard)
  }
}

interface Sybil {
  readonly raw: RawPeer
  readonly stream: RawStream
}

async function sybil(address: string): Promise<Sybil> {
  const raw = await RawPeer.dial({ address, prefix: NAMES.prefix, isMute: true })
  const stream = await raw.gossip()
  await stream.send(subscriptionsFrame(NAMES.topics('batches')))
  await stream.send(graftsFrame(NAMES.topics('batches')))
  return { raw, stream }
}

async function inTurn<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let i = 0; i < count; i++) all.push(await make(i))
  return all
}

async function run(size: Size): Promise<Measured> {
  const { homes: homeCount, batches } = SCALES[size]
  const hubs = new Set<string>()
  const isHub = (key: Uint8Array): boolean => hubs.has(toHex(key))
  const near = peerNamed('a hub among sybils', { role: 'hub' }, { isHub })
  const nearHeard = listening(near)
  await near.start()
  const [address = ''] = near.addresses()
  const sybils = await inTurn(SYBILS_EACH * (homeCount + 1), () => sybil(address))
  const far = peerNamed('the other hub', { role: 'hub', bootstrap: [address] }, { isHub })
  for (const { self } of [near, far]) hubs.add(toHex(self))
  const farHeard = listening(far)
  await far.start()
  const [farAddress = ''] = far.addresses()
  // What they say must go through the hub among sybils.
  const deny = [farAddress.slice(farAddress.indexOf('/p2p/'))]
  const homes = Array.from({ length: homeCount }, (_, i) =>
    peerNamed(`home ${i}`, { role: 'home', bootstrap: [address], deny }),
  )
  try {
    await Promise.all(homes.map((one) => one.start()))
    await connected(near, sybils.length + homes.length + 1)
    await warmedUp(homes[0] ?? far, farHeard)
    const of = near.peers().length
    const sent: string[] = []
    await Promise.all(
      homes.map(async (home, i) => {
        for (let node = i * batches; node < (i + 1) * batches; node++) {
          const bytes = batchOf({ networkId: NETWORK_ID, key: nodeKey(node) })
          sent.push(toHex(readBatch(bytes).hash))
          await home.publish('batches', bytes)
        }
      }),
    )
    const delivered = (heard: ReadonlySet<string>): number =>
      sent.filter((hash) => heard.has(hash)).length / sent.length
    const late = performance.now() + LAST_MS
    while (delivered(nearHeard) + delivered(farHeard) < 2 && performance.now() < late)
      await setTimeout(LOOK_MS)
    return {
      figures: { connections: of, sybils: sybils.length, batches: sent.length },
      bars: [
        atLeast('part of the connections that are sybils', sybils.length / of, 0.8),
        atLeast('part of the batches that reached the hub', delivered(nearHeard), LEAST_DELIVERED),
        atLeast('part of the batches that reached the other hub', delivered(farHeard), LEAST_DELIVERED),
      ],
    }
  } finally {
    await Promise.all([
      ...sybils.map(({ raw }) => raw.stop()),
      ...[...homes, far, near].map((one) => one.stop()),
    ])
  }
}

export const adversary: Adversary = {
  number: 6,
  name: 'sybils',
  about:
    'Four of five connections to a hub listen and pass nothing on: 99 % of honest batches still reach all hubs.',
  run,
}
