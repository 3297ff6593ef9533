// What a hub gives as a relay: asked for over real connections, beside places that others have.
import type { RelayReservation } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { RawPeer } from '@piecework/testkit/raw-peer'
import { afterEach, describe, expect, it } from 'vitest'
import type { Services } from '../src/libp2p/node.ts'
import type { NetworkOptions } from '../src/libp2p/options.ts'
import { RELAY_PLACES } from '../src/libp2p/relay-places.ts'
import { madeNode, names } from './support/made-node.ts'

const HOP = '/libp2p/circuit/relay/0.2.0/hop'
/** Of circuit relay v2: a message of two bytes, whose type is RESERVE. */
const RESERVE = Uint8Array.of(2, 8, 0)
/** How the answers end, whose status comes last. */
const OK = [0x28, 100]
const DENIED = [0x28, 0xca, 0x01]
/** And what stands before it: 300,000 ms and 32 MiB, which are a home's questions and its openings. */
const LIMIT = [0x22, 9, 0x08, 0xe0, 0xa7, 0x12, 0x10, 0x80, 0x80, 0x80, 0x10]

describe('a hub as a relay', () => {
  const running: { stop(): unknown }[] = []
  let refused: string[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()))
  })

  const begin = async (preset: NetworkOptions['preset']): Promise<Libp2p<Services>> => {
    refused = []
    const made = await madeNode({ role: 'hub', preset }, (_, { why = '' }) => refused.push(why))
    running.push(made)
    return made.node
  }
  /** Places that others have, all of one subnet. */
  const fill = async (hub: Libp2p<Services>, places: number): Promise<void> => {
    const addr = multiaddr('/ip4/127.0.0.1/tcp/1')
    const place = {
      addr,
      expiry: new Date(0),
      signal: { clear: () => undefined },
    } as unknown as RelayReservation
    for (let i = 0; i < places; i++) {
      const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
      hub.services.relay?.reservations.set(peer, place)
    }
  }
  const asked = async (hub: Libp2p<Services>): Promise<readonly number[]> => {
    const address = hub.getMultiaddrs()[0]?.toString() ?? ''
    const raw = await RawPeer.dial({ address, prefix: names.prefix, isMute: true })
    running.push(raw)
    const stream = await raw.open(HOP)
    await stream.send(RESERVE)
    return [...(await stream.next())]
  }

  it('keeps a place for some minutes and some megabytes', async () => {
    expect((await asked(await begin('local'))).slice(-13)).toEqual([...LIMIT, ...OK])
  })

  it('has as many places as it says', async () => {
    const hub = await begin('local')
    await fill(hub, RELAY_PLACES - 1)
    expect((await asked(hub)).slice(-2)).toEqual(OK)
    expect([(await asked(hub)).slice(-3), refused]).toEqual([DENIED, ['relay']])
  })

  it('of a public network gives half of them to one subnet', async () => {
    const hub = await begin('public')
    await fill(hub, RELAY_PLACES / 2 - 1)
    expect((await asked(hub)).slice(-2)).toEqual(OK)
    expect([(await asked(hub)).slice(-3), refused]).toEqual([DENIED, ['relay']])
  })
})
