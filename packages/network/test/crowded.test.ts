// Peers that take all they can get of a hub's places and memory, over real connections.
import { type Network, protocols } from '@piecework/network'
import { RawPeer, type RawStream } from '@piecework/testkit/raw-peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Names } from '../src/libp2p/names.ts'
import type { NetworkOptions, NetworkPorts } from '../src/libp2p.ts'
import { codeOf, knows } from './support/contract.ts'
import { Mailbox } from './support/mailbox.ts'
import { NETWORK_ID } from './support/peers.ts'
import { timers } from './support/timers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const names = new Names(NETWORK_ID, 8)
const LISTEN = ['/ip4/127.0.0.1/tcp/0']
/** In which seconds are over in a hundredth of them, and what takes longer than a question may take to come is never over. */
const quick: NetworkPorts['time'] = {
  wait: (milliseconds, signal) =>
    timers.wait(milliseconds <= 11_000 ? milliseconds / 100 : 1_000_000, signal),
}

describe('a hub that is crowded', () => {
  let world: Libp2pWorld
  let outcomes: Mailbox<string>
  let full: string[]
  let raws: RawPeer[]
  let hub: Network

  beforeEach(() => {
    world = new Libp2pWorld()
    outcomes = new Mailbox()
    full = []
    raws = []
  })
  afterEach(async () => {
    await Promise.all(raws.map((raw) => raw.stop()))
    await world.end()
  })

  const begin = async (
    options: Partial<NetworkOptions> = {},
    ports: Partial<NetworkPorts> = {},
  ): Promise<void> => {
    const count: NetworkPorts['count'] = (name, { outcome, side, what }) => {
      if (name === 'network_answered_total' && outcome !== undefined) outcomes.put(outcome)
      if (name === 'network_full_total') full.push(`${side} ${what}`)
    }
    hub = await world.make({ role: 'hub', listen: LISTEN, ...options }, { count, ...ports })
    hub.answer(protocols.upload, async () => ({ hash: new Uint8Array(32), complete: true }))
    hub.answer(protocols.work, async ({ epoch }) => ({ node: epoch, tasks: [] }))
  }
  const dial = async (): Promise<RawPeer> => {
    const raw = await RawPeer.dial({ address: hub.addresses()[0] ?? '', prefix: names.prefix, isMute: true })
    raws.push(raw)
    // What is opened before the hub is ready for it ends the connection.
    await knows(hub, raw.key)
    return raw
  }
  /** As many as the hub may find too many. */
  const openAll = async (raw: RawPeer, protocol: string): Promise<RawStream[]> =>
    Promise.all(Array.from({ length: 16 }, () => raw.open(names.protocol(protocol))))
  const home = async (ports: Partial<NetworkPorts> = {}): Promise<Network> => {
    const made = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() }, ports)
    await knows(made, hub.self, ['upload', 'work'])
    return made
  }
  const asking = (from: Network): Promise<unknown> =>
    codeOf(from.ask(protocols.work, { epoch: 7, nodeKey: from.self }, hub.self))
  const uploading = (from: Network, bytes: number): Promise<unknown> =>
    codeOf(from.ask(protocols.upload, { job: from.self, bytes: new Uint8Array(bytes) }, hub.self))

  it('with idle questions still answers who had none', async () => {
    await begin()
    for (let i = 0; i < 8; i++) await openAll(await dial(), 'upload')
    expect(await asking(await home())).toBe('no error')
  })

  it('with idle questions from one subnet still answers friends', async () => {
    const friends = new Set<string>()
    const isHub = (key: Uint8Array): boolean => friends.has(key.join())
    await begin({ preset: 'public' }, { isHub })
    for (let i = 0; i < 4; i++) await openAll(await dial(), 'upload')
    for (let refused = 0; refused < 16; refused++) expect(await outcomes.next()).toBe('network/busy')
    expect(full).toEqual(new Array(16).fill('answered places'))
    const one = await home()
    expect(await asking(one)).toBe('network/busy')
    friends.add(one.self.join())
    expect(await asking(one)).toBe('no error')
  })

  it('with questions that were only announced still has room for others', async () => {
    await begin()
    const streams = await openAll(await dial(), 'upload')
    // All of the room, if it were theirs: the last is as much shorter as 16 times the rest is too much.
    for (const [i, stream] of streams.entries())
      await stream.send(i < 15 ? Uint8Array.of(36, 0, 0, 1) : Uint8Array.of(228, 253, 255, 0))
    for (let refused = 0; refused < 10; refused++) expect(await outcomes.next()).toBe('network/busy')
    expect(full).toEqual(new Array(10).fill('answered room'))
    expect(await uploading(await home(), 1_000_000)).toBe('no error')
  })

  it('with answers that nobody takes gives no more of them, and answers others', async () => {
    await begin()
    const encode = (): Uint8Array => new Uint8Array(protocols.results.maxAnswerBytes)
    const answer = { ...protocols.results.answer, encode }
    hub.answer({ ...protocols.results, answer }, async () => ({ settled: 1, results: [] }))
    const streams = await openAll(await dial(), 'results')
    for (const stream of streams) {
      stream.pause()
      await stream.send(Uint8Array.of(16, ...new Array<number>(19).fill(0)))
    }
    for (let refused = 0; refused < 4; refused++) expect(await outcomes.next()).toBe('network/busy')
    expect(await asking(await home())).toBe('no error')
  })

  it.each([
    ['does not say how long its question is', []],
    ['says so, and not more', [100, 0, 0, 0]],
  ])('waits for nobody who %s', async (_, bytes) => {
    await begin({}, { time: quick })
    const stream = await (await dial()).open(names.protocol('upload'))
    if (bytes.length > 0) await stream.send(Uint8Array.from(bytes))
    expect(await outcomes.next()).toBe('network/timeout')
    await stream.closed()
  })

  it('lets nobody stay whom it has turned away', async () => {
    await begin({}, { time: quick })
    const endless = { ...protocols.work, name: 'open', timeoutMs: 1_000_000 }
    hub.answer(endless, () => new Promise(() => undefined))
    const raw = await dial()
    const question = Uint8Array.of(40, ...new Array<number>(43).fill(0))
    for (const stream of await openAll(raw, 'open')) await stream.send(question)
    const turnedAway = await raw.open(names.protocol('upload'))
    expect(await outcomes.next()).toBe('network/busy')
    await turnedAway.closed()
  })
})
