// Step 6 for kinds judged across nodes: what is judged when, with what, and what it is paid.
import {
  type Behaviour,
  type ContributorPlan,
  type JobPlan,
  rightOutput,
  TOY_KINDS,
  toyWork,
  type VerifierPlan,
  World,
} from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { Params } from '../../src/facts.ts'
import { SCORE_ONE } from '../../src/limits.ts'
import type { JudgedTask, JudgeInput, Work } from '../../src/work.ts'
import { at } from '../support/chain.ts'
import { chargedOf, jobOf, NO_FEES, play, TRUSTED } from '../support/worlds.ts'

/** What was judged, in order; every answer gets the score given. */
interface Judge {
  readonly asked: JudgeInput[]
  readonly work: Work
}

function judgeOf(scoreOf: (task: JudgedTask, answer: number) => number): Judge {
  const asked: JudgeInput[] = []
  const judge: Work['judge'] = (input) => {
    asked.push(input)
    return {
      memory: Uint8Array.of(input.memory.length + asked.length),
      tasks: input.tasks.map((task) => ({
        result: Uint8Array.of(asked.length),
        scores: task.answers.map((_, answer) => scoreOf(task, answer)),
      })),
    }
  }
  return { asked, work: { ...toyWork, judge } }
}

interface Judged {
  readonly judge: Judge
  readonly contributors: readonly ContributorPlan[]
  readonly plan?: JobPlan
  readonly params?: Partial<Params>
}

function worldOf({ judge, contributors, plan = {}, params = {} }: Judged): World {
  const world = new World({ name: 'judge', params, work: judge.work, contributors })
  world.addJob({ ...NO_FEES, kind: TOY_KINDS.across, tasks: 1, replicas: 3, ...plan })
  return world
}

const full = (): number => SCORE_ONE
const worker = (behaviour: Behaviour = {}, vouched = TRUSTED): ContributorPlan => {
  return { vouched, capacity: 1, behaviour }
}
const late = (until: number): ContributorPlan => worker({ postpones: (epoch) => epoch < until })

describe('a task', () => {
  test('is judged once, with all of its answers, and each is paid by its score', () => {
    const judge = judgeOf((_, answer) => [SCORE_ONE, 250_000, 0][answer] ?? 0)
    const world = worldOf({ judge, contributors: [worker(), worker(), worker()] })
    play(world, 3)
    expect(judge.asked).toHaveLength(1)
    const { tasks, memory, job } = at(judge.asked, 0)
    expect({ job: job.index, memory }).toEqual({ job: 0, memory: new Uint8Array() })
    expect(tasks).toMatchObject([{ task: 0, known: undefined, result: undefined }])
    expect(at(tasks, 0).answers).toMatchObject(
      [0, 1, 2].map((node) => ({ node, owner: node, epoch: 0, trial: false, units: 1 })),
    )
    expect(chargedOf(world, 0)).toBe(125n)
    expect(jobOf(world, 0)).toMatchObject({ inFlight: 0, tasks: [], memory: Uint8Array.of(1) })
  })

  test('waits for replicas that are leased', () => {
    const judge = judgeOf(full)
    const contributors = [worker(), worker(), late(2)]
    const world = worldOf({ judge, contributors, plan: { leaseEpochs: 2 } })
    play(world, 2)
    expect(judge.asked).toEqual([])
    expect(jobOf(world, 0)).toMatchObject({ charged: 0n, inFlight: 3 })
    play(world, 1)
    expect(at(at(judge.asked, 0).tasks, 0).answers.map(({ epoch }) => epoch)).toEqual([0, 0, 2])
    expect(chargedOf(world, 0)).toBe(300n)
  })

  test('waits for replicas that are carried', () => {
    const judge = judgeOf(full)
    const away = worker({ answers: ({ epoch }) => epoch >= 1 })
    const world = worldOf({ judge, contributors: [worker(), worker(), away] })
    play(world, 1)
    expect(judge.asked).toEqual([])
    play(world, 1)
    expect(at(at(judge.asked, 0).tasks, 0).answers).toHaveLength(3)
  })

  test('waits for a replica that has to be dealt again', () => {
    const judge = judgeOf(full)
    const idle = worker({ works: () => false })
    const world = worldOf({
      judge,
      contributors: [worker(), worker(), idle, worker()],
      plan: { leaseEpochs: 0 },
    })
    play(world, 5)
    expect(at(at(judge.asked, 0).tasks, 0).answers).toHaveLength(3)
    expect(judge.asked).toHaveLength(1)
  })

  test('is judged without the rest judgeEpochs after its last lease, and later answers against that', () => {
    const judge = judgeOf(full)
    const mute = (until: number): ContributorPlan => worker({ answers: ({ epoch }) => epoch >= until })
    const contributors = [worker(), worker(), mute(6), mute(7)]
    const params = { judgeEpochs: 2, carryEpochs: 9 }
    const world = worldOf({ judge, contributors, params, plan: { leaseEpochs: 1, replicas: 4 } })
    play(world, 3)
    expect(judge.asked).toEqual([])
    play(world, 1)
    expect(at(at(judge.asked, 0).tasks, 0)).toMatchObject({ result: undefined, answers: { length: 2 } })
    expect(jobOf(world, 0)).toMatchObject({ charged: 200n, inFlight: 2 })
    play(world, 4)
    const first = Uint8Array.of(1)
    expect(at(at(judge.asked, 1).tasks, 0)).toMatchObject({ result: first, answers: [{ node: 2 }] })
    expect(at(at(judge.asked, 2).tasks, 0)).toMatchObject({ result: first, answers: [{ node: 3 }] })
    expect(jobOf(world, 0)).toMatchObject({ charged: 400n, inFlight: 0, tasks: [] })
  })

  test('is judged 3 judgeEpochs after the lease of its oldest answer, though it comes to a mute node again and again', () => {
    const judge = judgeOf(full)
    const idle = worker({ works: () => false })
    // It is dealt again before judgeEpochs have passed.
    const params = { judgeEpochs: 4 }
    const contributors = [worker(), worker(), idle]
    const world = worldOf({ judge, contributors, params, plan: { leaseEpochs: 0 } })
    play(world, 12)
    expect(judge.asked).toEqual([])
    play(world, 1)
    expect(at(at(judge.asked, 0).tasks, 0)).toMatchObject({ answers: { length: 2 } })
    expect(chargedOf(world, 0)).toBe(200n)
  })

  test('is judged even if its kind is gone from the parameters meanwhile', () => {
    const judge = judgeOf(full)
    const world = worldOf({ judge, contributors: [worker(), worker(), late(2)], plan: { leaseEpochs: 1 } })
    play(world, 1)
    for (let i = 0; i < 9; i++) {
      const epoch = world.prepare()
      world.apply({ ...epoch, facts: { ...epoch.facts, kinds: [] } })
    }
    expect(jobOf(world, 0)).toMatchObject({ charged: 200n, inFlight: 0 })
  })

  test('is not dealt again once it was judged, but for a deal that was fixed before', () => {
    const judge = judgeOf(full)
    const idle = worker({ works: (epoch) => epoch >= 3 })
    const params = { judgeEpochs: 1 }
    const world = worldOf({
      judge,
      contributors: [worker(), worker(), idle],
      params,
      plan: { leaseEpochs: 0 },
    })
    play(world, 2)
    expect(judge.asked).toHaveLength(1)
    expect(jobOf(world, 0).tasks).toMatchObject([{ missing: 0, keptUntil: 4, result: Uint8Array.of(1) }])
    play(world, 2)
    expect(at(judge.asked, 1).tasks).toMatchObject([{ result: Uint8Array.of(1), answers: [{ node: 2 }] }])
    play(world, 1)
    expect(jobOf(world, 0)).toMatchObject({ charged: 300n, inFlight: 0, tasks: [] })
  })
})

describe('an answer', () => {
  test('is the output that its row commits to, whoever reported it', () => {
    const judge = judgeOf(full)
    const world = worldOf({ judge, contributors: [worker(), worker(), worker()] })
    const epoch = world.prepare()
    const reports = epoch.inputs.reports.map((input, i) => {
      if (i > 0) return input
      const stints = input.report.stints.map((stint) => {
        const answers = stint.answers.map((answer) => ({ ...answer, output: Uint8Array.of(6) }))
        return { ...stint, answers }
      })
      return { ...input, report: { ...input.report, stints } }
    })
    world.apply({ ...epoch, inputs: { ...epoch.inputs, reports } })
    const { answers } = at(at(judge.asked, 0).tasks, 0)
    expect(answers.map(({ output }) => output.length)).toEqual([32, 32, 32])
  })

  test('of a carried stint is kept once, and nothing else that was reported in its place', () => {
    const junk = [0, 1, 2].map((row) => ({
      seq: 0,
      row,
      salt: new Uint8Array(32),
      output: Uint8Array.of(row),
    }))
    const verifier: VerifierPlan = {
      stake: 100n,
      behaviour: {
        report: (honest, { due, verifierId }) => {
          return due.checkers[0] === verifierId
            ? honest
            : { ...honest, traces: [], delivered: [], answers: junk }
        },
      },
    }
    const world = new World({ name: 'junk', contributors: [worker()], verifiers: Array(5).fill(verifier) })
    world.addJob({ ...NO_FEES, kind: TOY_KINDS.across })
    play(world, 3)
    expect(world.state.carried.map(({ answers }) => answers.length)).toEqual([1, 1, 1])
    const output = rightOutput(0, 0)
    expect(at(world.state.carried, 0).answers).toMatchObject([{ seq: 0, row: 0, output }])
  })

  test('that nobody opened earns nothing, and the task is dealt again', () => {
    const judge = judgeOf(full)
    const mute = worker({ delivers: () => false })
    const world = worldOf({ judge, contributors: [worker(), worker(), mute] })
    play(world, 1)
    expect(jobOf(world, 0).tasks).toMatchObject([{ missing: 1, out: 0, had: [0, 1, 2] }])
  })

  test('of a node in trial is marked: it carries no weight. A task has at most one', () => {
    const judge = judgeOf(full)
    const contributors = [worker(), worker(), worker({}, 0n), worker({}, 0n)]
    const world = worldOf({ judge, contributors, plan: { tasks: 2 } })
    play(world, 1)
    const { answers } = at(at(judge.asked, 0).tasks, 0)
    expect(answers.filter(({ trial }) => trial)).toHaveLength(1)
    expect(answers.filter(({ trial }) => !trial).map(({ node }) => node)).toEqual([0, 1])
  })

  test('gets a score between nothing and one, whatever its kind says', () => {
    const judge = judgeOf((_, answer) => [-5, 2 * SCORE_ONE, 999_999.9][answer] ?? 0)
    const world = worldOf({
      judge,
      contributors: [worker(), worker(), worker()],
      plan: { price: 100_000n },
    })
    play(world, 1)
    expect(chargedOf(world, 0)).toBe(100_000n + 99_999n)
  })

  test('of an open kind is judged in its epoch', () => {
    const judge = judgeOf(full)
    const world = new World({
      name: 'open answers',
      work: judge.work,
      kinds: [{ kind: 9, version: 1, allocation: 'open', checking: 'across', rate: 1_000_000, cap: 2 }],
      contributors: [0, 1].map(() => ({
        vouched: TRUSTED,
        behaviour: { tasks: () => [{ job: 0, task: 7, units: 1 }] },
      })),
    })
    world.addJob({ ...NO_FEES, kind: 9 })
    play(world, 1)
    expect(at(judge.asked, 0).tasks).toMatchObject([{ task: 7, answers: [{ node: 0 }, { node: 1 }] }])
    expect(jobOf(world, 0)).toMatchObject({ charged: 200n, inFlight: 0, tasks: [] })
  })
})

describe('a kind', () => {
  test('remembers what it likes of each job until it is done', () => {
    const judge = judgeOf(full)
    const world = worldOf({ judge, contributors: [worker(), worker(), worker()], plan: { tasks: 2 } })
    play(world, 2)
    expect(at(judge.asked, 1).memory).toEqual(Uint8Array.of(1))
    expect(jobOf(world, 0).memory).toEqual(Uint8Array.of(3))
    world.closeJob(0)
    play(world, 1)
    expect(jobOf(world, 0)).toMatchObject({ done: true, memory: new Uint8Array() })
  })
})
