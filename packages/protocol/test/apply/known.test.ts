// Known answers in a judgement: when their tasks are judged, and that they count all or none.
import { type ContributorPlan, type JobPlan, TOY_KINDS, toyWork, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { finishedTasks, KNOWN_LAG } from '../../src/apply/judge.ts'
import { toHex, u32le } from '../../src/bytes.ts'
import { h } from '../../src/hash.ts'
import type { KnownInput } from '../../src/inputs.ts'
import { SCORE_ONE } from '../../src/limits.ts'
import type { JudgeInput } from '../../src/work.ts'
import { at } from '../support/chain.ts'
import { chargedOf, jobOf, NO_FEES, TRUSTED } from '../support/worlds.ts'

const JUDGE_EPOCHS = 2

interface Kept {
  readonly world: World
  readonly asked: JudgeInput[]
  /** An epoch in which these are opened: one message for each list. */
  readonly play: (...messages: readonly (readonly number[])[]) => void
  /** Tasks of the newest judgement, each with what is known of it. */
  readonly told: () => readonly (readonly [task: number, known: string | undefined])[]
}

const answerOf = (task: number): Uint8Array => Uint8Array.of(task, 7)
const WITH = (task: number): [number, string] => [task, toHex(answerOf(task))]
const WITHOUT = (task: number): [number, undefined] => [task, undefined]

/** A job with known answers, and three who do all that they are dealt. */
function kept(plan: JobPlan = {}, more: readonly ContributorPlan[] = []): Kept {
  const asked: JudgeInput[] = []
  const work = {
    ...toyWork,
    hasKnown: () => true,
    judge: (input: JudgeInput) => {
      asked.push(input)
      const tasks = input.tasks.map(({ answers }) => {
        return { result: Uint8Array.of(9), scores: answers.map(() => SCORE_ONE) }
      })
      return { memory: new Uint8Array(), tasks }
    },
  }
  const steady = (): ContributorPlan => ({ vouched: TRUSTED, capacity: 2 })
  const contributors = more.length > 0 ? more : [steady(), steady(), steady()]
  const world = new World({ name: 'kept', params: { judgeEpochs: JUDGE_EPOCHS }, work, contributors })
  world.addJob({ ...NO_FEES, kind: TOY_KINDS.across, tasks: 2, replicas: 3, ...plan })
  const opened = (epoch: number, tasks: readonly number[]): KnownInput => {
    const answers = tasks.map((task) => ({ task, answer: answerOf(task) }))
    const known = {
      ...{ networkId: world.networkId, epoch, job: 0, keeper: h('pw/known') },
      ...{ answers, proof: [] },
    }
    return { hash: h('pw/known', u32le(epoch), ...tasks.map(u32le)), known }
  }
  return {
    world,
    asked,
    play: (...messages) => {
      const epoch = world.prepare()
      const known = messages.map((tasks) => opened(epoch.facts.epoch, tasks))
      const hashes = known.map(({ hash }) => hash).sort(Buffer.compare)
      const inventories = epoch.inputs.inventories.map((data) => ({ ...data, known: hashes }))
      world.apply({ ...epoch, inputs: { ...epoch.inputs, inventories, known } })
    },
    told: () => (asked.at(-1)?.tasks ?? []).map(({ task, known }) => [task, known && toHex(known)] as const),
  }
}

const finished = ({ world }: Kept): readonly number[] =>
  finishedTasks(world.state, 0, world.state.epoch + KNOWN_LAG)

describe('a task of a job with known answers', () => {
  test('is judged two epochs after nothing of it is out any more, with what is opened then', () => {
    const all = kept()
    all.play()
    expect(finished(all)).toEqual([0, 1])
    all.play()
    expect(all.asked).toEqual([])
    // The next epoch's state says the same of the epoch that judges them.
    expect(finishedTasks(all.world.state, 0, 2)).toEqual([0, 1])
    expect(jobOf(all.world, 0)).toMatchObject({ charged: 0n, inFlight: 6 })
    all.play([0, 1])
    expect(all.told()).toEqual([WITH(0), WITH(1)])
    expect(chargedOf(all.world, 0)).toBe(600n)
    expect(finished(all)).toEqual([])
    expect(jobOf(all.world, 0)).toMatchObject({ inFlight: 0, tasks: [] })
  })

  test('may be opened in several messages, beside tasks that are not judged', () => {
    const all = kept()
    all.play()
    all.play()
    all.play([1, 5], [0])
    expect(all.told()).toEqual([WITH(0), WITH(1)])
  })

  test('is judged with no known answer at all where one task of its judgement is not opened', () => {
    for (const messages of [[[0]], [[1]], [[1], [5]], []]) {
      const all = kept()
      all.play()
      all.play()
      all.play(...messages)
      expect(all.told()).toEqual([WITHOUT(0), WITHOUT(1)])
      expect(chargedOf(all.world, 0)).toBe(600n)
    }
  })

  test('gains nothing from what was opened too early', () => {
    const all = kept()
    all.play([0, 1])
    all.play([0, 1])
    all.play()
    expect(all.told()).toEqual([WITHOUT(0), WITHOUT(1)])
  })

  test('may be opened in each epoch anew: what one missed costs no other', () => {
    const all = kept({ tasks: 4 })
    all.play()
    all.play()
    expect(finished(all)).toEqual([2, 3])
    expect(finishedTasks(all.world.state, 0, 2)).toEqual([0, 1])
    all.play([0])
    expect(all.told()).toEqual([WITHOUT(0), WITHOUT(1)])
    expect(finishedTasks(all.world.state, 0, 3)).toEqual([2, 3])
    all.play([2, 3])
    expect(all.told()).toEqual([WITH(2), WITH(3)])
  })

  test('that waits for a replica holds up no other, and no late row shuts others out', () => {
    const late: ContributorPlan = {
      vouched: TRUSTED,
      capacity: 2,
      behaviour: { postpones: (epoch) => epoch < 1 },
    }
    const steady: ContributorPlan = { vouched: TRUSTED, capacity: 2 }
    const all = kept({ tasks: 3, leaseEpochs: 2, replicas: 2 }, [steady, steady, late])
    all.play()
    const [one = -1, ...rest] = finished(all)
    expect({ one, rest }).toEqual({ one: expect.any(Number), rest: [] })
    // The late rows come now: their tasks are finished an epoch later, and judged an epoch later.
    all.play()
    const others = [0, 1, 2].filter((task) => task !== one)
    expect(finishedTasks(all.world.state, 0, 2)).toEqual([one])
    all.play([one])
    expect(all.told()).toEqual([WITH(one)])
    expect(finishedTasks(all.world.state, 0, 3)).toEqual(others)
    all.play(others)
    expect(all.told()).toEqual(others.map(WITH))
  })

  test('is judged without what never came, and later answers against its result, which need no opening', () => {
    const mute = (until: number): ContributorPlan => ({
      vouched: TRUSTED,
      capacity: 1,
      behaviour: { answers: ({ epoch }) => epoch >= until },
    })
    const all = kept({ tasks: 1, leaseEpochs: 1, replicas: 3 }, [
      { vouched: TRUSTED, capacity: 1 },
      { vouched: TRUSTED, capacity: 1 },
      mute(7),
    ])
    for (let epoch = 0; epoch < 3; epoch++) all.play([0])
    expect(all.asked).toEqual([])
    // Its time is up, and it may come to somebody once more: its answer must not be shown.
    all.play([0])
    expect(finished(all)).toEqual([])
    expect(all.told()).toEqual([WITHOUT(0)])
    expect(at(at(all.asked, 0).tasks, 0).answers).toHaveLength(2)
    while (all.asked.length < 2 && all.world.epoch < 12) all.play()
    expect(at(at(all.asked, 1).tasks, 0)).toMatchObject({ result: Uint8Array.of(9), known: undefined })
    expect(chargedOf(all.world, 0)).toBe(300n)
  })
})

test('what is opened counts if more than a third of stake lists it', () => {
  const listedBy = (share: number): number => {
    const all = kept()
    all.play()
    all.play()
    const epoch = all.world.prepare()
    const known = { networkId: all.world.networkId, epoch: epoch.facts.epoch, job: 0, keeper: h('pw/known') }
    const answers = [0, 1].map((task) => ({ task, answer: answerOf(task) }))
    const input: KnownInput = { hash: h('pw/known'), known: { ...known, answers, proof: [] } }
    const inventories = epoch.inputs.inventories.map((data, i) => {
      return { ...data, known: i < share * epoch.inputs.inventories.length ? [input.hash] : [] }
    })
    all.world.apply({ ...epoch, inputs: { ...epoch.inputs, inventories, known: [input] } })
    return all.told().filter(([, answer]) => answer !== undefined).length
  }
  expect(listedBy(1)).toBe(2)
  expect(listedBy(0)).toBe(0)
})
