// What strangers bring to the DHT of a hub, over real connections.
import {
  addProviderFrame,
  getProvidersFrame,
  manyAddresses,
  pingFrame,
  RawPeer,
} from '@piecework/testkit/raw-peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hubsOf } from '../src/libp2p/dht-records.ts'
import { Names } from '../src/libp2p/names.ts'
import { knows } from './support/contract.ts'
import { Mailbox } from './support/mailbox.ts'
import { NETWORK_ID } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const names = new Names(NETWORK_ID, 8)
const hubs = hubsOf(NETWORK_ID).multihash.bytes

describe('the DHT of a hub', () => {
  let world: Libp2pWorld
  let raw: RawPeer
  let counts: Mailbox<string>

  beforeEach(async () => {
    world = new Libp2pWorld()
    counts = new Mailbox()
    const hub = await world.make(
      { role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] },
      { count: (name, labels) => counts.put([name, ...Object.values(labels)].join(' ')) },
    )
    raw = await RawPeer.dial({ address: hub.addresses()[0] ?? '', prefix: names.prefix, dht: names.dht })
    await knows(hub, raw.key)
  })
  afterEach(async () => {
    await raw.stop()
    await world.end()
  })

  const counted = (what: string): Promise<string> => counts.first((one) => one === what)

  it('breaks off a message with 60,000 addresses', async () => {
    const stream = await raw.open(names.dht)
    const addresses = manyAddresses(60_000)
    await stream.send(addProviderFrame(hubs, { id: raw.id, addresses })).catch(() => undefined)
    await stream.ended()
    await counted('network_dht_refused_total too-long')
  })

  it('remembers no more of a peer than it may say of itself', async () => {
    // Each message is short, and all of them together are not.
    for (let i = 0; i < 4; i++) {
      const stream = await raw.open(names.dht)
      const addresses = manyAddresses(4000).slice(1000 * i, 1000 * (i + 1))
      await stream.send(addProviderFrame(hubs, { id: raw.id, addresses }))
    }
    await counted('network_dht_refused_total too-long')
    // And it is answered all the same.
    const stream = await raw.open(names.dht)
    await stream.send(getProvidersFrame(hubs))
    expect((await stream.next()).length).toBeGreaterThan(0)
  })

  it('takes one question from a stream', async () => {
    const stream = await raw.open(names.dht)
    await stream.send(Buffer.concat([pingFrame(), pingFrame()]))
    await stream.ended()
    await counted('network_dht_refused_total too-long')
  })

  it('is asked so many questions by one peer, and no more for now', async () => {
    let isOver = false
    const over = counted('network_over_rate_total dht').then(() => {
      isOver = true
    })
    for (let asked = 0; !isOver; asked++) {
      const stream = await raw.open(names.dht)
      await stream.send(pingFrame()).catch(() => undefined)
      await stream.next()
      stream.abort()
      if (asked < 128) expect(isOver).toBe(false)
    }
    await over
  })

  it('breaks off an answer that is too long', async () => {
    await raw.answer(names.dht, new Uint8Array([255, 255, 127]), { isOpen: true })
    await counted('network_dht_refused_total too-long')
  })
})
