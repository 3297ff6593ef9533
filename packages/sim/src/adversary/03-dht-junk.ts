// Adversary 3: a peer puts what it likes into the DHT: providers of anything, values under every sort of key. Nothing is
// kept but who provides the network's own name, and what others ask for afterwards is not there.
import { randomBytes } from 'node:crypto'
import type { CountName } from '@piecework/network/libp2p'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { attacked, withRaw } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

const RECORDS: Readonly<Record<Size, number>> = { short: 20, full: 2_000 }
/** Sorts of values that DHTs elsewhere keep, and such as nobody knows. */
const FOLDERS = ['/pk/', '/ipns/', '/dht/', '/peers/', '/piecework/', '']

const textOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function run(size: Size): Promise<Measured> {
  let refused = 0
  const count = (name: CountName): void => {
    if (name === 'network_dht_refused_total') refused++
  }
  return attacked(
    async (hub) => {
      const names = Array.from({ length: RECORDS[size] }, () => randomBytes(32))
      const keys = FOLDERS.flatMap((folder) =>
        names.slice(0, Math.ceil(names.length / 10)).map((name) => Buffer.concat([textOf(folder), name])),
      )
      await withRaw(hub, {}, async (raw) => {
        for (const name of names) await raw.provide(name)
        for (const key of keys) await raw.put(key, randomBytes(100)).catch(() => undefined)
      })
      // Another peer, so that what is found is what the hub has.
      const found = await withRaw(hub, {}, async (raw) => {
        let providers = 0
        let values = 0
        for (const name of names) providers += await raw.providers(name)
        for (const key of keys) if (await raw.has(key).catch(() => false)) values++
        return { providers, values }
      })
      return {
        figures: { providers: names.length, values: keys.length, 'refused by the hub': refused },
        bars: [
          atMost('providers of junk that are kept', found.providers, 0),
          atMost('values that are kept', found.values, 0),
          atLeast('providers that were refused', refused, names.length),
        ],
      }
    },
    { count },
  )
}

export const adversary: Adversary = {
  number: 3,
  name: 'dht-junk',
  about: 'A peer puts junk into the DHT: a hub keeps the hubs of its network, and nothing else.',
  run,
}
