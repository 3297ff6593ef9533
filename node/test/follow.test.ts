import { protocols } from '@piecework/network'
import {
  ackCodec,
  type HeldBatch,
  joinSigned,
  messageHash,
  readBatch,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Word } from '../src/common/word.ts'
import { Follow } from '../src/follow.ts'
import { beginScene, hashOf, type Scene, settled } from './support/scene.ts'
import { aStanding } from './support/verifier.ts'

async function collect<T>(from: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const one of from) all.push(one)
  return all
}

interface Bench {
  readonly follow: Follow
  readonly words: Word[]
  readonly acknowledged: { epoch: number; seq: number }[]
}

function followIn(scene: Scene): Bench {
  const words: Word[] = []
  const acknowledged: { epoch: number; seq: number }[] = []
  const pass = (word: Word): void => void words.push(word)
  const ports = {
    ...scene.ports,
    pass,
    acknowledged: (head: { epoch: number; seq: number }) => acknowledged.push(head),
  }
  return { follow: new Follow(ports), words, acknowledged }
}

/** In epoch 0, with an output that is kept. */
async function publishedBatch(scene: Scene): Promise<HeldBatch> {
  const { networkId, nodeKey, key, store } = scene
  const row = { job: 0, task: 0, units: 1, at: 0, commit: hashOf('row') }
  const batch = { networkId, epoch: 0, nodeKey, seq: 0, prev: ZERO_HASH, rows: [row] }
  const opening = { row, salt: hashOf('salt'), output: new Uint8Array(3) }
  const signed = await store.receipts.append(signBatch(batch, key.sign), [opening])
  await scene.network.publish('batches', signed)
  await settled()
  return readBatch(signed)
}

const isKept = async (scene: Scene, epoch = 0): Promise<boolean> =>
  (await scene.store.receipts.opening({ epoch, nodeKey: scene.nodeKey }, hashOf('row'))) !== undefined

const NOTHING = { heads: [], keptFrom: Infinity }
const result = { epoch: 0, rows: 1, paidRows: 1, pay: 5n, reason: '', checkers: [] }

describe('follow', () => {
  it('counts acknowledgements by stake, and those alone that their verifier signed', async () => {
    const scene = await beginScene()
    const head = await publishedBatch(scene)
    const { follow, acknowledged } = followIn(scene)
    const moment = await scene.moment()
    // Stakes are 1000, 2000 and 3000: the first two hold no more than 2/3.
    const [, , third] = scene.scripted
    if (third !== undefined) third.acknowledges = false
    await follow.see(moment, { heads: [head], keptFrom: Infinity })
    expect(acknowledged).toEqual([])
    if (third !== undefined) Object.assign(third, { acknowledges: true, signsAs: scene.key })
    await follow.see({ ...moment, slot: moment.slot + 2 }, { heads: [head], keptFrom: Infinity })
    expect(acknowledged).toEqual([])
    expect(scene.log.count('false-acknowledgement')).toBe(1)
    if (third !== undefined) Object.assign(third, { signsAs: undefined })
    await follow.see({ ...moment, slot: moment.slot + 4 }, { heads: [head], keptFrom: Infinity })
    expect(acknowledged).toEqual([{ epoch: 0, seq: 0 }])
  })

  it('keeps no acknowledgement of what it did not sign, whoever has signed that', async () => {
    const scene = await beginScene()
    const head = await publishedBatch(scene)
    const { networkId, nodeKey, store } = scene
    const { follow, acknowledged } = followIn(scene)
    const moment = await scene.moment()
    for (const one of scene.scripted) {
      const { id, key } = one.script
      one.junk = [
        { epoch: 0, seq: 1 },
        { epoch: 1, seq: 0 },
        { epoch: 1_000_000, seq: 0 },
      ].map(({ epoch, seq }) => {
        const message = ackCodec.encode({ networkId, epoch, verifierId: id, nodeKey, seq, head: head.hash })
        return joinSigned({ signature: key.sign(messageHash('pw/ack', networkId, message)), message })
      })
    }
    await follow.see(moment, { heads: [head], keptFrom: Infinity })
    const kept = await Promise.all(
      [0, 1, 1_000_000].map((epoch) => collect(store.acks.of({ epoch, nodeKey }))),
    )
    expect(kept).toEqual([[], [], []])
    expect(acknowledged).toEqual([])
    expect(scene.log.count('false-acknowledgement')).toBe(0)
    for (const one of scene.scripted) one.junk = undefined
    await follow.see({ ...moment, slot: moment.slot + 2 }, { heads: [head], keptFrom: Infinity })
    expect(acknowledged).toEqual([{ epoch: 0, seq: 0 }])
  })

  it('takes no acknowledgement that was changed, cut off or made up, and goes on', async () => {
    const scene = await beginScene()
    const head = await publishedBatch(scene)
    const { follow, acknowledged } = followIn(scene)
    const moment = await scene.moment()
    const [first] = scene.scripted
    const [ack] = (
      await scene.network.ask(
        protocols.status,
        { nodeKey: scene.nodeKey, from: 0 },
        first?.script.key.publicKey ?? new Uint8Array(),
      )
    ).acks
    if (ack === undefined) throw new Error('there is no acknowledgement')
    const places = fc.nat(ack.length - 1)
    const changed = fc
      .tuple(places, fc.integer({ min: 1, max: 255 }))
      .map(([at, by]) => ack.with(at, (ack[at] ?? 0) ^ by))
    const cut = places.map((length) => ack.subarray(0, length))
    let slot = moment.slot
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut, fc.uint8Array({ maxLength: ack.length })), async (bytes) => {
        for (const one of scene.scripted) one.junk = [bytes]
        slot += 2
        await follow.see({ ...moment, slot }, { heads: [head], keptFrom: Infinity })
        expect(acknowledged).toEqual([])
      }),
      { numRuns: 50 },
    )
    expect(scene.log.count('false-acknowledgement')).toBe(3)
    for (const one of scene.scripted) one.junk = undefined
    await follow.see({ ...moment, slot: slot + 2 }, { heads: [head], keptFrom: Infinity })
    expect(acknowledged).toEqual([{ epoch: 0, seq: 0 }])
  })

  it('believes what more than a third of the stake says alike', async () => {
    const scene = await beginScene()
    const [first, second] = scene.scripted
    const { follow, words } = followIn(scene)
    const moment = await scene.moment()
    for (const one of scene.scripted) one.epoch = 0
    Object.assign(second ?? {}, { standing: aStanding, results: [{ ...result, outcome: 'paid' }] })
    await follow.see(moment, NOTHING)
    expect(words.at(-1)).toEqual({ epoch: 0, standing: undefined, results: [] })
    Object.assign(first ?? {}, { standing: aStanding, results: [{ ...result, outcome: 'paid' }] })
    await follow.see({ ...moment, slot: moment.slot + 2 }, NOTHING)
    expect(words.at(-1)).toEqual({ epoch: 0, standing: aStanding, results: [{ ...result, outcome: 'paid' }] })
  })

  it('keeps outputs until their stint is decided, also while it is carried, and lets them go then', async () => {
    const scene = await beginScene()
    await publishedBatch(scene)
    const { follow, words } = followIn(scene)
    const moment = await scene.moment()
    await follow.see(moment, NOTHING)
    expect(await isKept(scene)).toBe(true)
    for (const one of scene.scripted)
      Object.assign(one, { epoch: 1, results: [{ ...result, outcome: 'carried' }] })
    await follow.see({ ...moment, slot: moment.slot + 2 }, NOTHING)
    expect(words.at(-1)?.epoch).toBe(1)
    expect(await isKept(scene)).toBe(true)
    // A single verifier that goes on saying so holds it back.
    for (const one of scene.scripted.slice(1))
      Object.assign(one, { epoch: 2, results: [{ ...result, outcome: 'paid' }] })
    await follow.see({ ...moment, slot: moment.slot + 4 }, NOTHING)
    expect(await isKept(scene)).toBe(true)
    for (const one of scene.scripted)
      Object.assign(one, { epoch: 2, results: [{ ...result, outcome: 'paid' }] })
    await follow.see({ ...moment, slot: moment.slot + 6 }, NOTHING)
    expect(await isKept(scene)).toBe(false)

    await scene.restart()
    expect(await followIn(scene).follow.oldest(moment)).toBe(3)
  })
})
