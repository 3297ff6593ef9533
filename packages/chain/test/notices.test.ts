// WebSocket notices are hints: they make a client look sooner, and nobody believes what they say.
import { describe, expect, it } from 'vitest'
import { type AsOf, addressOf, type RawAccount } from '../src/index.ts'
import { Cluster, type FakeSocket, hang, programId, type Scripted, scripted } from './support/scripted.ts'

const watched = addressOf(new Uint8Array(32).fill(9))

function account(lamports: bigint): RawAccount {
  return { owner: programId, lamports, data: new Uint8Array() }
}

interface Watch extends Scripted {
  readonly cluster: Cluster
  readonly heard: (bigint | undefined)[]
  readonly unsubscribe: () => void
}

function watch(): Watch {
  const cluster = new Cluster()
  cluster.accounts.set(watched, account(1n))
  const all = scripted([cluster.endpoint(), cluster.endpoint()], { fastestSlotMs: 0 })
  const heard: (bigint | undefined)[] = []
  const listener = ({ value }: AsOf<RawAccount | undefined>) => heard.push(value?.lamports)
  return { ...all, cluster, heard, unsubscribe: all.chain.onAccount(watched, listener) }
}

function only<T>(list: readonly T[]): T {
  const [one, ...more] = list
  if (one === undefined || more.length > 0) throw new Error(`${list.length} where one belongs`)
  return one
}

/** The endpoint accepts what was subscribed to. */
function accept(socket: FakeSocket, number: number): void {
  socket.tell('open')
  for (const { id, method } of socket.sent)
    if (method === 'accountSubscribe') socket.message({ id, result: number })
}

const notice = (subscription: number, value: unknown) => ({
  jsonrpc: '2.0',
  method: 'accountNotification',
  params: { subscription, result: { context: { slot: 9 }, value } },
})

describe('a watched account', () => {
  it('is told at once, and again when it has changed, without any notice', async () => {
    const { cluster, heard, time, chain } = watch()
    await time.advance(100)
    expect(heard).toEqual([1n])
    await time.advance(60_000)
    expect(heard).toEqual([1n])
    cluster.accounts.set(watched, account(2n))
    await time.advance(3_000)
    expect(heard).toEqual([1n, 2n])
    cluster.accounts.delete(watched)
    await time.advance(3_000)
    expect(heard).toEqual([1n, 2n, undefined])
    await chain.stop()
  })

  it('is read at a notice, whatever the notice says', async () => {
    const { cluster, heard, time, sockets, chain } = watch()
    accept(only(sockets), 70)
    await time.advance(100)
    cluster.accounts.set(watched, account(2n))
    only(sockets).message(notice(70, { lamports: 1_000_000 }))
    await time.advance(100)
    expect(heard).toEqual([1n, 2n])
    only(sockets).message(notice(70, { lamports: 3_000_000 }))
    await time.advance(100)
    expect(heard).toEqual([1n, 2n])
    await chain.stop()
  })

  it('is read now and then all the same', async () => {
    const { cluster, heard, time, sockets, chain } = watch()
    accept(only(sockets), 70)
    await time.advance(20_000)
    cluster.accounts.set(watched, account(2n))
    await time.advance(20_000)
    expect(heard).toEqual([1n, 2n])
    await chain.stop()
  })

  it('is told to nobody who no longer listens', async () => {
    const { cluster, heard, time, sockets, unsubscribe, calls } = watch()
    accept(only(sockets), 70)
    await time.advance(100)
    unsubscribe()
    expect(only(sockets).closed).toBe(true)
    calls.length = 0
    cluster.accounts.set(watched, account(2n))
    await time.advance(100_000)
    expect(heard).toEqual([1n])
    expect(calls).toEqual([])
    expect(sockets).toHaveLength(1)
  })

  it('is not told while endpoints disagree', async () => {
    const [one, other] = [new Cluster(), new Cluster()]
    const { chain, time } = scripted([one.endpoint(), other.endpoint()], { fastestSlotMs: 0 })
    const heard: unknown[] = []
    one.accounts.set(watched, account(1n))
    chain.onAccount(watched, (found) => heard.push(found))
    await time.advance(10_000)
    expect(heard).toEqual([])
    other.accounts.set(watched, account(1n))
    await time.advance(10_000)
    expect(heard).toHaveLength(1)
    await chain.stop()
  })
})

describe('a socket', () => {
  it('that closes is opened again, at the next endpoint, with what was subscribed to', async () => {
    const { time, sockets, chain } = watch()
    accept(only(sockets), 70)
    await time.advance(100)
    sockets[0]?.close()
    await time.advance(2_000)
    expect(sockets.map(({ url }) => url)).toEqual([
      'ws://endpoint:2/?key=secret',
      'ws://endpoint:3/?key=secret',
    ])
    sockets[1]?.tell('open')
    expect(sockets[1]?.sent).toMatchObject([{ method: 'accountSubscribe', params: [watched, {}] }])
    await chain.stop()
    expect(sockets[1]?.closed).toBe(true)
  })

  it('that never opens, or never answers, is given up', async () => {
    const { time, sockets, chain } = watch()
    await time.advance(60_000)
    expect(sockets.length).toBeGreaterThan(2)
    expect(sockets.length).toBeLessThan(8)
    expect(sockets.slice(0, -1).every(({ closed }) => closed)).toBe(true)
    await chain.stop()
  })

  it.each([
    '',
    'nonsense',
    '{"id":1}',
    '[]',
    'null',
    '{"params":{}}',
    '{"params":{"subscription":"x"}}',
    '{"params":1}',
  ])('may say %s, and nothing happens', async (text) => {
    const { time, sockets, heard, chain } = watch()
    accept(only(sockets), 70)
    only(sockets).message(text)
    await time.advance(1_000)
    expect(heard).toEqual([1n])
    await chain.stop()
  })

  it('that can not be opened leaves the client to ask', async () => {
    const cluster = new Cluster()
    const { chain, time } = scripted([cluster.endpoint({ getProgramAccounts: hang })])
    const heard: unknown[] = []
    chain.onAccount(watched, (found) => heard.push(found))
    await time.advance(1_000)
    expect(heard).toHaveLength(1)
    await chain.stop()
  })
})
