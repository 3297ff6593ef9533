// Keeping a job's known answers: what is believed, what is opened and what is not.
import { keyFromSecret } from '@piecework/protocol'
import { keeperOf, knownHolds, readKnown, saltSecretOf } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { type Finished, Keeping, type Said, type Seen } from '../src/job/keeping.ts'

const secret = new Uint8Array(32).fill(3)
const key = keyFromSecret(secret)
const networkId = new Uint8Array(32).fill(1)

interface World {
  readonly seen: Seen
  readonly said: readonly Said<Finished>[]
  readonly held: readonly Said<number>[]
  readonly fails: boolean
}

interface Played {
  readonly keeping: Keeping
  readonly published: Uint8Array[]
  readonly world: { -readonly [K in keyof World]: World[K] }
}

function keeperWith({ tasks = 10, output = 2 } = {}) {
  const answers = new Map([2, 5].map((task) => [task, new Uint8Array(output).fill(task)]))
  return { answers, tasks, keeper: keeperOf({ answers, tasks, secret: saltSecretOf(secret) }) }
}

/** Epochs 5 and 6 are judged next, and have begun. */
const at = (slot: number, lastFinal: number): Seen => ({
  slot,
  lastFinal,
  next: [1, 2].map((more) => {
    const epoch = lastFinal + more
    return { epoch, from: 20 * epoch, until: 20 * epoch + 22 }
  }),
})

const { answers, keeper } = keeperWith()
const spec = { root: keeper.root, tasks: 10, keeper: key.publicKey }
const say = (stake: bigint, settled: number, ...tasks: readonly number[]): Said<Finished> => {
  return { stake, answer: { settled, tasks } }
}
const silent = (stake: bigint) => ({ stake, answer: undefined })

function played(of = { answers, keeper }): Played {
  const world = {
    seen: at(105, 4),
    said: [say(10n, 4, 1, 2), say(10n, 4, 1, 2), say(10n, 4, 1, 2)] as readonly Said<Finished>[],
    held: [] as readonly Said<number>[],
    fails: false,
  }
  const published: Uint8Array[] = []
  const keeping = new Keeping({
    ...{ networkId, job: 7, known: new Set(of.answers.keys()), keeper: of.keeper, key },
    look: async () => world.seen,
    finished: async () => world.said,
    publish: async (bytes) => {
      if (world.fails) throw new Error('nobody listens')
      published.push(bytes)
    },
    holding: async () => world.held,
  })
  return { keeping, published, world }
}

describe('a keeper', () => {
  it('opens all that is finished, known or not, once for each epoch', async () => {
    const { keeping, published, world } = played()
    const kept = await keeping.step()
    expect(kept).toMatchObject({ job: 7, epoch: 5, outcome: 'opened', tasks: 2, known: 1 })
    const [one] = published.map(readKnown)
    expect(one?.known).toMatchObject({ epoch: 5, job: 7, answers: [{ task: 1 }, { task: 2 }] })
    expect(one && knownHolds(spec, one.known)).toBe(true)
    expect(await keeping.step()).toBeUndefined()
    world.said = [say(10n, 4), say(10n, 4, 5), say(10n, 5, 5)]
    expect(await keeping.step()).toBeUndefined()
    // It has begun now; what it judges is known since epoch 4 is final.
    world.seen = at(120, 4)
    expect(await keeping.step()).toMatchObject({ epoch: 6, tasks: 1, known: 1 })
    expect(published).toHaveLength(2)
  })

  it('that begins again makes the same messages', async () => {
    const [one, other] = [played(), played()]
    expect(await one.keeping.step()).toEqual(await other.keeping.step())
    expect(one.published).toEqual(other.published)
  })

  it('shows no task that not more than half of the stake calls finished', async () => {
    const tasksBy = async (...said: readonly Said<Finished>[]) => {
      const { keeping, published, world } = played()
      world.said = said
      await keeping.step()
      return published.map((one) => readKnown(one).known.answers.map(({ task }) => task))
    }
    // One that lies, and has half of the stake: it wants to see the answer to a task that is still out.
    expect(await tasksBy(say(10n, 4, 1, 5), say(10n, 4, 1))).toEqual([[1]])
    expect(await tasksBy(say(10n, 4, 1, 5), say(10n, 4, 5), say(20n, 4, 1))).toEqual([[1]])
    expect(await tasksBy(say(11n, 4, 1, 5), silent(10n))).toEqual([[1, 5]])
    expect(await tasksBy(say(10n, 4, 1, 5), silent(10n))).toEqual([])
    // Epoch 5 judges what is finished at the end of epoch 3, and settled epochs before it say no more of it.
    expect(await tasksBy(say(10n, 4, 1, 5), say(10n, 2, 1), say(10n, 5, 1))).toEqual([])
    expect(await tasksBy(say(10n, 4, 1), say(10n, 3, 1), say(10n, 5))).toEqual([[1]])
  })

  it('waits for verifiers that have not settled what it follows from', async () => {
    const { keeping, published, world } = played()
    world.said = [say(10n, 2, 1), say(10n, 2, 1), say(10n, 4, 1)]
    expect(await keeping.step()).toBeUndefined()
    world.said = [say(10n, 4, 1), say(10n, 2, 1), say(10n, 4, 1)]
    expect(await keeping.step()).toMatchObject({ outcome: 'opened', epoch: 5, tasks: 1 })
    expect(published).toHaveLength(1)
  })

  it('tries again what could not be sent', async () => {
    const { keeping, published, world } = played()
    world.fails = true
    await expect(keeping.step()).rejects.toThrow('nobody listens')
    world.fails = false
    expect(await keeping.step()).toMatchObject({ outcome: 'opened' })
    expect(published).toHaveLength(1)
  })

  it('shows nothing when it would count for nothing: too late, or too much for an epoch', async () => {
    const late = played()
    late.world.seen = at(122, 4)
    expect(await late.keeping.step()).toMatchObject({ epoch: 5, outcome: 'too-late', tasks: 2, known: 1 })
    late.world.said = []
    expect(await late.keeping.step()).toBeUndefined()
    const all = (tasks: number): readonly Said<Finished>[] => [
      say(1n, 4, ...Array.from({ length: tasks }, (_, task) => task)),
    ]
    const many = played(keeperWith({ tasks: 32_769 }))
    many.world.said = all(32_769)
    expect(await many.keeping.step()).toMatchObject({ outcome: 'too-many', tasks: 32_769 })
    const full = played(keeperWith({ tasks: 32_768 }))
    full.world.said = all(32_768)
    expect(await full.keeping.step()).toMatchObject({ outcome: 'opened' })
    expect(full.published).toHaveLength(8)
    expect([late, many].flatMap(({ published }) => published)).toEqual([])
  })

  it('knows when enough hold what it opened: more than a third of the stake admits it', async () => {
    const { keeping, world } = played()
    const kept = await keeping.step()
    if (kept === undefined) throw new Error('it opened something')
    const held = async (...said: readonly Said<number>[]) => {
      world.held = said
      return keeping.isHeld(kept)
    }
    expect(await held({ stake: 1n, answer: 1 }, { stake: 1n, answer: 0 }, silent(1n))).toBe(false)
    expect(await held({ stake: 2n, answer: 1 }, { stake: 1n, answer: 0 }, silent(2n))).toBe(true)
  })
})
