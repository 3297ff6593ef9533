// What links of every implementation of the Network port do.
import { type Link, NetworkError } from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, knows, STRANGER } from './contract.ts'
import { Mailbox } from './mailbox.ts'
import type { World } from './worlds.ts'

export function describeLinks(name: string, makeWorld: () => World): void {
  describe(`links ${name}`, () => {
    let world: World
    beforeEach(() => {
      world = makeWorld()
    })
    afterEach(() => world.end())

    it('opens a link to a peer that takes them: bytes both ways, as they were sent', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      const froms = new Mailbox<Uint8Array>()
      home.takeLinks(async (link, from) => {
        froms.put(from)
        for await (const bytes of link.received) await link.send(bytes)
      })
      await knows(hub, home.self, ['measure'])
      const link = await hub.openLink(home.self, LINK_MS)
      expect(await codeOf(hub.openLink(home.self, LINK_MS))).toBe('network/busy')
      expect(link.address.length).toBeGreaterThan(0)
      const sent = new Uint8Array(3_000_000).map((_, i) => i % 253)
      const received = link.received[Symbol.asyncIterator]()
      const sending = sendIn(link, sent, 10_000)
      expect(equalBytes(await read(received, sent.length), sent)).toBe(true)
      await sending
      expect(await froms.next()).toEqual(hub.self)
      link.close()
      await expect(received.next()).rejects.toBeInstanceOf(NetworkError)
      await expect(link.send(sent.subarray(0, 10))).rejects.toBeInstanceOf(NetworkError)
    })

    it('says why there is no link, and takes the next one when one is over', async () => {
      const [hub, home] = [await world.hub(), await world.home()]
      await knows(hub, home.self)
      expect(await codeOf(hub.openLink(STRANGER, LINK_MS))).toBe('network/unreachable')
      expect(await codeOf(hub.openLink(home.self, LINK_MS))).toBe('network/unsupported')
      const end = home.takeLinks(async () => undefined)
      expect(() => home.takeLinks(async () => undefined)).toThrow(NetworkError)
      await knows(hub, home.self, ['measure'])
      // It is done with each at once: the link is closed, whoever opened it still reads.
      for (let times = 0; times < 3; times++) {
        const { received } = await hub.openLink(home.self, LINK_MS)
        await expect(read(received[Symbol.asyncIterator](), 1)).rejects.toThrow()
      }
      end()
      home.takeLinks(async (link) => link.send(Uint8Array.of(7)))()
      await home.stop()
      expect(await codeOf(home.openLink(hub.self, LINK_MS))).toBe('network/stopped')
    })
  })
}

async function sendIn(link: Link, bytes: Uint8Array, length: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += length) await link.send(bytes.subarray(at, at + length))
}

async function read(received: AsyncIterator<Uint8Array>, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let left = length; left > 0; ) {
    const { done, value } = await received.next()
    if (done === true) throw new Error('it ended before')
    chunks.push(value)
    left -= value.length
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** More than any of these takes. */
const LINK_MS = 20_000
