import { createHash } from 'node:crypto'
import {
  DATA_FULL_BYTES,
  DATA_HASHES,
  type DataAnswer,
  DataAnswers,
  type DataQuestion,
  type FetchByHash,
  fetchByHash,
  type Network,
  type NetworkError,
  protocols,
} from '@piecework/network'
import { equalBytes, ProtocolError } from '@piecework/protocol'
import { MemoryNetworks } from '@piecework/testkit'
import { describe, expect, it } from 'vitest'
import { secretOf } from './support/peers.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

type Serve = (question: DataQuestion) => Promise<DataAnswer>

/** One who asks, and servers; with what each was asked. */
async function scene(...serves: readonly Serve[]) {
  const networks = new MemoryNetworks()
  const asked: DataQuestion[][] = serves.map(() => [])
  const network = networks.join(secretOf(0))
  await network.start()
  const peers: Uint8Array[] = []
  for (const [i, serve] of serves.entries()) {
    const server = networks.join(secretOf(i + 1))
    await server.start()
    server.answer(protocols.data, (question) => {
      asked[i]?.push(question)
      return serve(question)
    })
    peers.push(server.self)
  }
  return { network, peers, asked }
}

const holding =
  (...items: readonly Uint8Array[]): Serve =>
  (question) =>
    new DataAnswers(async (_, hash) => items.find((item) => equalBytes(sha256(item), hash))).data(question)

const [a, b, c] = [bytesOf('a'), bytesOf('b'), bytesOf('c')]
const content = (
  network: Network,
  peers: readonly Uint8Array[],
  items: readonly Uint8Array[],
): FetchByHash => ({
  network,
  sort: 'content',
  hashes: items.map(sha256),
  peers,
})

describe('fetching by hash', () => {
  it('asks one peer after the other for what is missing, and nobody when nothing is', async () => {
    const { network, peers, asked } = await scene(holding(b), holding(a, b), holding(c), holding(a, b, c))
    expect(await fetchByHash(content(network, peers, [a, b, c]))).toEqual([a, b, c])
    expect(asked.map((questions) => questions.map(({ hashes }) => hashes.length))).toEqual([
      [3],
      [2],
      [1],
      [],
    ])
  })

  it('says what nobody has', async () => {
    const { network, peers } = await scene(holding(b))
    expect(await fetchByHash(content(network, peers, [a, b]))).toEqual([undefined, b])
    expect(await fetchByHash(content(network, [], [a]))).toEqual([undefined])
  })

  it('keeps all that is true of a liar, also after what is false, and asks it no more', async () => {
    const lying: Serve = async () => ({ found: [a, bytesOf('x'), c] })
    const { network, peers } = await scene(lying)
    const failures: NetworkError[] = []
    const wanted = content(network, peers, [a, b, c])
    const found = await fetchByHash({ ...wanted, onFailure: (_, error) => failures.push(error) })
    expect(found).toEqual([a, undefined, c])
    expect(failures.map(({ code }) => code)).toEqual(['network/malformed'])
  })

  it('goes on after a peer that refuses, is not there, or sends more than was asked for', async () => {
    const refusing: Serve = () => Promise.reject(new Error('no'))
    const wordy: Serve = async () => ({ found: [undefined, a, a] })
    const { network, peers } = await scene(refusing, wordy, holding(a))
    const codes: string[] = []
    const wanted = content(network, [new Uint8Array(32), ...peers], [a])
    expect(await fetchByHash({ ...wanted, onFailure: (_, { code }) => codes.push(code) })).toEqual([a])
    expect(codes).toEqual(['network/unreachable', 'network/refused', 'network/malformed'])
  })

  it('asks again for what did not fit, and no more when an answer says nothing', async () => {
    const big = [1, 2, 3, 4, 5, 6].map((byte) => new Uint8Array(DATA_FULL_BYTES / 4).fill(byte))
    const { network, peers, asked } = await scene(async () => ({ found: [] }), holding(...big))
    const found = await fetchByHash(content(network, peers, big))
    expect(found.map((item) => item?.[0])).toEqual([1, 2, 3, 4, 5, 6])
    expect(asked.map((questions) => questions.length)).toEqual([1, 2])
  })

  it('asks for no more at once than a question holds', async () => {
    const { network, peers, asked } = await scene(holding(c))
    const items = Array.from({ length: DATA_HASHES + 5 }, (_, i) => bytesOf(`item ${i}`))
    expect((await fetchByHash(content(network, peers, [...items, c]))).at(-1)).toEqual(c)
    expect(asked[0]?.map(({ hashes }) => hashes.length)).toEqual([DATA_HASHES, 6])
  })

  it('is told by who asks what has a hash that is no SHA-256', async () => {
    const salted = bytesOf('salted')
    const check = (_: Uint8Array, bytes: Uint8Array): boolean => {
      if (bytes.length === 0) throw new ProtocolError('bytes/malformed', 'there is nothing')
      return equalBytes(bytes, salted)
    }
    for (const sort of ['reveal', 'content'] as const) {
      const { network, peers } = await scene(
        async () => ({ found: [new Uint8Array(0)] }),
        async () => ({ found: [a] }),
        async () => ({ found: [salted] }),
      )
      const codes: string[] = []
      const wanted = { network, sort, check, hashes: [sha256(b)], peers }
      expect(await fetchByHash({ ...wanted, onFailure: (_, { code }) => codes.push(code) })).toEqual([salted])
      expect(codes).toEqual(['network/malformed', 'network/malformed'])
    }
  })

  it('asks once for what is named twice: a question with the same hash twice is refused', async () => {
    const { network, peers, asked } = await scene(holding(a, b))
    expect(await fetchByHash(content(network, peers, [a, b, a]))).toEqual([a, b, a])
    expect(asked[0]?.map(({ hashes }) => hashes.length)).toEqual([2])
    const question: DataQuestion = { sort: 'content', hashes: [sha256(a), sha256(a)] }
    expect(() => protocols.data.question.encode(question)).toThrow(ProtocolError)
  })

  it('takes of each sort no more than it can have by the limits of the protocol', async () => {
    for (const sort of ['inventory', 'heads', 'batch', 'enrolment', 'known', 'appeal', 'proposal'] as const) {
      const { network, peers } = await scene(async () => ({ found: [{ longBytes: 60_000_000 }] }))
      const codes: string[] = []
      const wanted = { network, sort, check: () => true, hashes: [sha256(a)], peers }
      await fetchByHash({ ...wanted, onFailure: (_, { code }) => codes.push(code) })
      // For a piece of it nobody is asked: that would be refused as well.
      expect(codes).toEqual(['network/malformed'])
    }
  })
})
