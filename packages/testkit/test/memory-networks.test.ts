import { protocols } from '@piecework/network'
import { MemoryNetworks } from '@piecework/testkit'
import { describe, expect, it } from 'vitest'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

async function pair() {
  const networks = new MemoryNetworks()
  const [a, b] = [networks.join(key(1)), networks.join(key(2))]
  await Promise.all([a.start(), b.start()])
  return { networks, a, b }
}

describe('networks in memory', () => {
  it('let nothing pass where they are cut, until they heal', async () => {
    const { networks, a, b } = await pair()
    b.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
    const heard: number[] = []
    b.subscribe('known', async ({ bytes }) => {
      heard.push(...bytes)
      return 'sound'
    })
    networks.cut(a.self, b.self)
    expect(a.peers()).toEqual([])
    const question = { epoch: 1, nodeKey: a.self }
    await expect(a.ask(protocols.work, question, b.self)).rejects.toMatchObject({
      code: 'network/unreachable',
    })
    const published = a.publish('known', Uint8Array.of(5))
    expect(heard).toEqual([])
    networks.heal(b.self, a.self)
    await published
    expect(heard).toEqual([5])
    expect(await a.ask(protocols.work, question, b.self)).toEqual({ node: 1, tasks: [] })
  })

  it('run out of time when a test says so', async () => {
    const { networks, a, b } = await pair()
    b.answer(protocols.work, () => new Promise(() => undefined))
    const asked = a.ask(protocols.work, { epoch: 1, nodeKey: a.self }, b.self)
    const published = a.publish('known', Uint8Array.of(5))
    const failed = Promise.allSettled([asked, published])
    networks.runOutOfTime()
    const codes = (await failed).map((one) => one.status === 'rejected' && one.reason.code)
    expect(codes).toEqual(['network/timeout', 'network/nobody-listens'])
  })

  it('hold forms to their limits, on both sides', async () => {
    const { a, b } = await pair()
    b.answer(protocols.work, () => Promise.resolve({ node: -1, tasks: [] }))
    const ask = (epoch: number) => a.ask(protocols.work, { epoch, nodeKey: a.self }, b.self)
    await expect(ask(-1)).rejects.toMatchObject({ code: 'network/malformed' })
    await expect(ask(1)).rejects.toMatchObject({ code: 'network/refused' })
  })

  it('give everybody bytes of their own', async () => {
    const { networks, a, b } = await pair()
    const c = networks.join(key(3))
    await c.start()
    const seen: Uint8Array[] = []
    for (const network of [b, c])
      network.subscribe('known', async ({ bytes }) => {
        seen.push(bytes.slice())
        bytes.fill(0)
        return 'sound'
      })
    await a.publish('known', Uint8Array.of(7))
    expect(seen).toEqual([Uint8Array.of(7), Uint8Array.of(7)])
  })
})
