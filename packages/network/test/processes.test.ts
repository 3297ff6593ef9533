// Three hubs and five homes, each a process of its own, over real connections: everything that is published reaches
// every hub; and one that is killed and comes back at its address is found again by all.
import { randomBytes } from 'node:crypto'
import { askedOf, fetchByHash } from '@piecework/network'
import { equalBytes, fromHex, toHex } from '@piecework/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { knows } from './support/contract.ts'
import { KILLED, LONG, sha256 } from './support/long.ts'
import type { Order } from './support/peer-main.ts'
import { PeerProcess } from './support/peer-process.ts'
import { Libp2pWorld } from './support/worlds.ts'

const HUBS = 3
const HOMES = 5
const MESSAGES = 20

const batches = (): string[] => Array.from({ length: MESSAGES }, () => randomBytes(224).toString('hex'))

describe('peers as processes', () => {
  const peers: PeerProcess[] = []
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.kill()))
  })

  const made = (order: Order): Promise<PeerProcess> => {
    const peer = new PeerProcess(order)
    peers.push(peer)
    return peer.start()
  }

  /**
   * All homes publish at once, and again what a hub lacks, as nodes do until verifiers acknowledge: gossip tells a hub
   * that has just come nothing of the moment before.
   */
  async function published(homes: readonly PeerProcess[], hubs: readonly PeerProcess[]): Promise<void> {
    const own = homes.map((home) => ({ home, batches: batches() }))
    await Promise.all(
      own.map(async ({ home, batches: all }) => {
        for (let left = all; left.length > 0; ) {
          await home.publish(left)
          left = left.filter((batch) => hubs.some((hub) => !hub.heard.has(batch)))
        }
      }),
    )
    const wanted = own.flatMap(({ batches: all }) => all)
    expect(wanted.length).toBe(HOMES * MESSAGES)
    for (const hub of hubs) expect(wanted.filter((batch) => !hub.heard.has(batch))).toEqual([])
  }

  it('reach every hub, also one that was killed and came back', async () => {
    const hubs: PeerProcess[] = []
    for (let number = 0; number < HUBS; number++) {
      const bootstrap = hubs.flatMap(({ addresses }) => addresses)
      hubs.push(await made({ number, role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap }))
    }
    const bootstrap = hubs.flatMap(({ addresses }) => addresses)
    const homes = await Promise.all(
      Array.from({ length: HOMES }, (_, i) =>
        made({ number: HUBS + i, role: 'home', listen: [], bootstrap }),
      ),
    )
    await published(homes, hubs)

    const [first, ...others] = hubs
    if (first === undefined) throw new Error('there is no hub')
    await first.kill()
    const listen = first.addresses.map((address) => address.replace(/\/p2p\/.*$/, ''))
    const again = await made({ ...first.order, listen })
    expect(again.key).toBe(first.key)
    const keys = [...others, ...homes].map(({ key }) => key)
    await again.until(() => keys.every((key) => again.connected.has(key)))
    await published(homes, [again, ...others])
  })

  it('are killed in the middle of something long, and it comes from another', async () => {
    const hubs = await Promise.all(
      [KILLED, 2].map((number) =>
        made({ number, role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [] }),
      ),
    )
    const world = new Libp2pWorld()
    const bootstrap = hubs.flatMap(({ addresses }) => addresses)
    const home = await world.make({ role: 'home', listen: [], bootstrap })
    try {
      for (const { key } of hubs) await knows(home, fromHex(key), ['data', 'piece'])
      const failures: string[] = []
      const holds = Promise.withResolvers<void>()
      const fetching = fetchByHash({
        // The other waits meanwhile: it could give all before the one that dies has given its part.
        network: {
          ask: async (protocol, question, to) => {
            if (toHex(askedOf(protocol.name, to).peer) === hubs[1]?.key) await holds.promise
            return home.ask(protocol, question, to)
          },
        },
        sort: 'content',
        hashes: [sha256(LONG)],
        peers: hubs.map(({ key }) => fromHex(key)),
        onFailure: (peer, { code }) => failures.push(`${toHex(peer) === hubs[0]?.key} ${code}`),
      })
      let isHolding = false
      await hubs[0]?.until(
        () => isHolding,
        ({ said }) => {
          isHolding ||= said === 'holding'
        },
      )
      await hubs[0]?.kill()
      holds.resolve()
      const [bytes] = await fetching
      expect(bytes !== undefined && equalBytes(bytes, LONG)).toBe(true)
      // Nobody waited for a deadline: the way was seen to be broken.
      expect(new Set(failures)).toEqual(new Set(['true network/unreachable']))
    } finally {
      await world.end()
    }
  })
})
