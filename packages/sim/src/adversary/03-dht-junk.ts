// Adversary 3: a peer puts what it likes into the DHT: providers of anything, values under every sort of key. Nothing is
// kept but who provides the network's own name, and what others ask for afterwards is not there. And it says of itself, as
// such a provider, more than can be looked through: that is broken off, and a question of another is answered meanwhile.
import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Network } from '@piecework/network'
import { type CountName, hubsOf } from '@piecework/network/libp2p'
import { addProviderFrame, manyAddresses, type RawPeer } from '@piecework/testkit/raw-peer'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { attacked, NAMES, NETWORK_ID, withRaw } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

const RECORDS: Readonly<Record<Size, number>> = { short: 20, full: 2_000 }
/** Sorts of values that DHTs elsewhere keep, and such as nobody knows. */
const FOLDERS = ['/pk/', '/ipns/', '/dht/', '/peers/', '/piecework/', '']

/** Each of them takes two messages, and a hub looks at 256 of one peer at once. */
const OF_ONE_PEER = 100
/** Two of them are enough for a hub that compares all addresses of the second with all of the first. */
const MESSAGES = 2
/** What kad-dht reads at once has 4 MB, which is some more than the most of these. */
const ADDRESSES: Readonly<Record<Size, number>> = { short: 20_000, full: 60_000 }
/** A hub that looks through all of them is away for tens of seconds. */
const AWAY_MS = 2000

const textOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function run(size: Size): Promise<Measured> {
  let refused = 0
  let tooLong = 0
  const count = (name: CountName, { why }: Readonly<Record<string, string>>): void => {
    if (name !== 'network_dht_refused_total') return
    if (why === 'too-long') tooLong++
    else refused++
  }
  return attacked(
    async (hub) => {
      const names = Array.from({ length: RECORDS[size] }, () => randomBytes(32))
      const keys = FOLDERS.flatMap((folder) =>
        names.slice(0, Math.ceil(names.length / 10)).map((name) => Buffer.concat([textOf(folder), name])),
      )
      let [providers, values] = [0, 0]
      await eachByPeers(hub, names, (raw, name) => raw.provide(name))
      await eachByPeers(hub, keys, (raw, key) => raw.put(key, randomBytes(100)).catch(() => undefined))
      // Other peers, so that what is found is what the hub has.
      await eachByPeers(hub, names, async (raw, name) => {
        providers += await raw.providers(name)
      })
      await eachByPeers(hub, keys, async (raw, key) => {
        if (await raw.has(key).catch(() => false)) values++
      })
      const awayMs = await withRaw(hub, {}, (raw) => tellTooMuch(raw, ADDRESSES[size]))
      return {
        figures: {
          providers: names.length,
          values: keys.length,
          'refused by the hub': refused,
          'addresses told': MESSAGES * ADDRESSES[size],
        },
        bars: [
          atMost('providers of junk that are kept', providers, 0),
          atMost('values that are kept', values, 0),
          atLeast('providers that were refused', refused, names.length),
          atLeast('messages with too many addresses that were broken off', tooLong, MESSAGES),
          atMost('longest time for which the hub did nothing else, ms', awayMs, AWAY_MS),
        ],
      }
    },
    { count },
  )
}

/** By as many identities as it takes: each is heard, so that what is refused is the junk and not its number. */
async function eachByPeers<T>(
  hub: Network,
  all: readonly T[],
  act: (raw: RawPeer, one: T) => Promise<unknown>,
): Promise<void> {
  for (let first = 0; first < all.length; first += OF_ONE_PEER) {
    await withRaw(hub, {}, async (raw) => {
      for (const one of all.slice(first, first + OF_ONE_PEER)) await act(raw, one)
    })
  }
}

/** How long the event loop, which the hub shares, was held up at most. */
async function tellTooMuch(raw: RawPeer, addresses: number): Promise<number> {
  const frame = addProviderFrame(hubsOf(NETWORK_ID).multihash.bytes, {
    id: raw.id,
    addresses: manyAddresses(addresses),
  })
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  for (let i = 0; i < MESSAGES; i++) {
    const stream = await raw.open(NAMES.dht)
    await stream.send(frame).catch(() => undefined)
    await stream.ended()
  }
  delay.disable()
  return Math.round(delay.max / 1e6)
}

export const adversary: Adversary = {
  number: 3,
  name: 'dht-junk',
  about: 'A peer puts junk into the DHT: a hub keeps the hubs of its network, and nothing else.',
  run,
}
