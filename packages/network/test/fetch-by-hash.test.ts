import { createHash } from 'node:crypto'
import {
  answerData,
  DATA_FULL_BYTES,
  DATA_HASHES,
  type DataAnswer,
  type DataQuestion,
  type FetchByHash,
  fetchByHash,
  type Network,
  type NetworkError,
  protocols,
  type Sort,
} from '@piecework/network'
import {
  equalBytes,
  factsCodec,
  factsHash,
  inventoryRoot,
  joinEnrolment,
  joinReveal,
  joinSigned,
  messageHash,
  pageState,
  partHash,
  readManifest,
  reportCommit,
  reportHash,
  toHex,
} from '@piecework/protocol'
import { MemoryNetworks, World } from '@piecework/testkit'
import { describe, expect, it } from 'vitest'
import { secretOf } from './support/peers.ts'

const networkId = new Uint8Array(32).fill(7)
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
    answerData(question, async (hash) => items.find((item) => toHex(sha256(item)) === toHex(hash)))

const [a, b, c] = [bytesOf('a'), bytesOf('b'), bytesOf('c')]
const content = (
  network: Network,
  peers: readonly Uint8Array[],
  items: readonly Uint8Array[],
): FetchByHash => ({
  network,
  networkId,
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

  it('keeps what is true of a liar, and believes nothing else of it', async () => {
    const lying: Serve = async () => ({ found: [a, bytesOf('x'), c] })
    const { network, peers } = await scene(lying)
    const failures: NetworkError[] = []
    const wanted = content(network, peers, [a, b, c])
    const found = await fetchByHash({ ...wanted, onFailure: (_, error) => failures.push(error) })
    expect(found).toEqual([a, undefined, undefined])
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
    const big = [1, 2, 3, 4].map((byte) => new Uint8Array(DATA_FULL_BYTES / 2).fill(byte))
    const { network, peers, asked } = await scene(async () => ({ found: [] }), holding(...big))
    const found = await fetchByHash(content(network, peers, big))
    expect(found.map((item) => item?.[0])).toEqual([1, 2, 3, 4])
    expect(asked.map((questions) => questions.length)).toEqual([1, 2])
  })

  it('asks for no more at once than a question holds', async () => {
    const { network, peers, asked } = await scene(holding(c))
    const items = Array.from({ length: DATA_HASHES + 5 }, (_, i) => bytesOf(`item ${i}`))
    expect((await fetchByHash(content(network, peers, [...items, c]))).at(-1)).toEqual(c)
    expect(asked[0]?.map(({ hashes }) => hashes.length)).toEqual([DATA_HASHES, 6])
  })

  it('gives one thing however long it is', async () => {
    const long = new Uint8Array(2 * DATA_FULL_BYTES)
    const { found } = await answerData({ hashes: [sha256(a), sha256(long), sha256(b)] }, async (hash) =>
      toHex(hash) === toHex(sha256(long)) ? long : a,
    )
    expect(found.length).toBe(1)
    const alone = await answerData({ hashes: [sha256(long), sha256(b)] }, async () => long)
    expect(alone.found.map((item) => item?.length)).toEqual([long.length])
  })
})

describe('each sort of data', () => {
  const signature = new Uint8Array(64).fill(1)
  const message = bytesOf('a message')
  const signed = joinSigned({ signature, message })
  const enrolment = joinEnrolment({ nodeSignature: signature, walletSignature: undefined, message })
  const chain = new Uint8Array([...sha256(a), ...sha256(b)])
  const salt = new Uint8Array(32).fill(3)
  const commit = reportCommit({
    networkId,
    epoch: 3,
    verifierId: 1,
    salt,
    reportHash: reportHash(networkId, message),
  })

  const cases: [Exclude<Sort, 'reveal' | 'proposal'>, Uint8Array, Uint8Array][] = [
    ['content', sha256(a), a],
    ['inventory', inventoryRoot(networkId, a), a],
    ['part', partHash(a), a],
    ['heads', sha256(b), chain],
    ['batch', messageHash('pw/batch', networkId, message), signed],
    ['enrolment', messageHash('pw/enrol', networkId, message), enrolment],
    ['known', messageHash('pw/known', networkId, message), signed],
    ['appeal', messageHash('pw/appeal', networkId, message), signed],
  ]

  it.each(cases)('%s is checked against its hash', async (sort, hash, bytes) => {
    const wrong = bytes.slice()
    wrong[wrong.length - 1] = 99
    const { network, peers } = await scene(
      async () => ({ found: [wrong] }),
      async () => ({ found: [new Uint8Array(0)] }),
      async () => ({ found: [bytes] }),
    )
    const codes: string[] = []
    const wanted = { network, networkId, sort, hashes: [hash], peers }
    expect(await fetchByHash({ ...wanted, onFailure: (_, { code }) => codes.push(code) })).toEqual([bytes])
    expect(codes).toEqual(['network/malformed', 'network/malformed'])
  })

  it('states and facts are checked in all their parts', async () => {
    const world = new World({ name: 'data', contributors: [{ vouched: 10_000n }] })
    world.addJob({ price: 100n })
    world.step()
    const { stateHash, manifest, sections } = pageState(world.state)
    const { facts } = world.prepare()
    const bytes = [manifest, factsCodec.encode(facts), ...sections.flat()]
    const hashes = [stateHash, factsHash(facts), ...readManifest(manifest, stateHash).sections.flat()]
    const { network, peers } = await scene((question) =>
      answerData(question, async (hash) => bytes[hashes.findIndex((one) => equalBytes(one, hash))]),
    )
    const fetched = (sort: 'manifest' | 'facts' | 'page', wanted: readonly Uint8Array[]) =>
      fetchByHash({ network, networkId: facts.networkId, sort, hashes: wanted, peers })
    const [manifestHash, hashOfFacts, ...pages] = hashes
    expect(await fetched('manifest', [manifestHash ?? stateHash])).toEqual([manifest])
    expect(await fetched('facts', [hashOfFacts ?? stateHash])).toEqual([bytes[1]])
    expect(await fetched('page', pages)).toEqual(sections.flat())
    expect(await fetched('page', [stateHash, ...pages])).toEqual([manifest, ...sections.flat()])
    expect(await fetched('manifest', pages.slice(-1))).toEqual([undefined])
  })

  it('reveals and proposals are checked by who asks', async () => {
    const reveal = joinReveal({ salt, signed })
    const { network, peers } = await scene(
      async () => ({ found: [a] }),
      async () => ({ found: [reveal] }),
    )
    const wanted = { network, networkId, hashes: [commit], peers } as const
    const check = (_: Uint8Array, bytes: Uint8Array): boolean => toHex(bytes) === toHex(reveal)
    expect(await fetchByHash({ ...wanted, sort: 'reveal', check })).toEqual([reveal])
  })
})
