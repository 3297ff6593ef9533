// Jobs that ask for skill in another job: who has it is looked at when a workforce is fixed, and stays what it was then.
import { type Behaviour, type ContributorPlan, TOY_KINDS, toyWork, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { dealAhead } from '../../src/apply/deal-ahead.ts'
import { draftOf } from '../../src/apply/draft.ts'
import { forgetSkills, SKILL_EPOCHS } from '../../src/apply/skills.ts'
import type { Facts } from '../../src/facts.ts'
import { MEMORY_BYTES, SCORE_ONE } from '../../src/limits.ts'
import { hasSkill, readSkills, type SkillAsked, writeSkills } from '../../src/skills.ts'
import { pageState, readManifest, restoreState } from '../../src/state/pages.ts'
import type { State } from '../../src/state/state.ts'
import type { JudgeInput, Work } from '../../src/work.ts'
import { at } from '../support/chain.ts'
import { jobOf, NO_FEES, play, TRUSTED } from '../support/worlds.ts'

const QUALIFYING = 0
const ASKING = 1

/** Every judged answer counts in its owner's skill, behind a byte that only the job's kind understands. */
function skilfulWork(asked: ReadonlyMap<number, readonly SkillAsked[]>): Work {
  const judge: Work['judge'] = (input) => {
    const judgement = toyWork.judge(input)
    const skills = new Map(readSkills(input.memory.subarray(1)).map((skill) => [skill.owner, skill]))
    for (const [i, { answers }] of input.tasks.entries()) {
      for (const [k, { owner }] of answers.entries()) {
        const before = skills.get(owner) ?? { owner, answers: 0, right: 0 }
        const score = judgement.tasks[i]?.scores[k] ?? 0
        skills.set(owner, { owner, answers: before.answers + 1, right: before.right + score })
      }
    }
    const sorted = [...skills.values()].sort((a, b) => a.owner - b.owner)
    return { ...judgement, memory: Uint8Array.of(7, ...writeSkills(sorted)) }
  }
  return {
    ...toyWork,
    judge,
    eligible: ({ index }) => (asked.has(index) ? ({ skilled }) => skilled : undefined),
    asks: ({ index }) => asked.get(index) ?? [],
    skills: ({ memory }: Pick<JudgeInput, 'memory'>) => memory.subarray(1),
  }
}

const wrong: Behaviour = { output: (_, { random }) => random.bytes(4) }
const worker = (behaviour: Behaviour = {}): ContributorPlan => ({ vouched: TRUSTED, capacity: 4, behaviour })
const half: SkillAsked = { job: QUALIFYING, answers: 2, right: SCORE_ONE / 2 }

/** Two that answer well, one that does not, and a job for those who answered two tasks of another well. */
function worldOf(asked: readonly SkillAsked[] = [half], more: readonly ContributorPlan[] = []): World {
  const world = new World({
    name: 'skills',
    work: skilfulWork(new Map([[ASKING, asked]])),
    contributors: [worker(), worker(), worker(wrong), ...more],
  })
  world.addJob({ ...NO_FEES, kind: TOY_KINDS.across, tasks: 2, replicas: 3, price: 10n })
  world.addJob({ ...NO_FEES, tasks: 100, price: 5n })
  return world
}

interface Dealt {
  readonly before: State
  readonly facts: Facts
  /** Nodes that were dealt tasks of the job that asks. */
  readonly takers: readonly number[]
}

function step(world: World): Dealt {
  const { state, facts } = world.prepare()
  const applied = world.step()
  const dealt = at(applied.state.dealt, -1).deal.jobs.find(({ job }) => job === ASKING)
  return { before: state, facts, takers: [...new Set(dealt?.nodes ?? [])].sort() }
}

describe('a job that asks for skill in another', () => {
  test('is dealt to those who passed it, from the third epoch after that on', () => {
    const world = worldOf()
    const takers = Array.from({ length: 6 }, () => step(world).takers)
    expect(takers).toEqual([[], [], [], [0, 1], [0, 1], [0, 1]])
    expect(jobOf(world, ASKING).charged).toBeGreaterThan(0n)
  })

  test('is dealt to nobody where a skill is missing, or the other job does not exist', () => {
    for (const asked of [
      [{ ...half, answers: 3 }],
      [half, { ...half, job: 9 }],
      [{ ...half, job: ASKING }],
      [half, { ...half, answers: 3 }],
    ]) {
      const world = worldOf(asked)
      play(world, 5)
      expect(jobOf(world, ASKING).charged).toBe(0n)
    }
  })

  test('asks for all of them', () => {
    const world = worldOf([half, { ...half, answers: 1, right: SCORE_ONE }])
    expect(Array.from({ length: 4 }, () => step(world).takers).at(-1)).toEqual([0, 1])
  })

  test('is dealt ahead alike by each of the three states before, as they were and from their pages', () => {
    const world = worldOf()
    const { work } = world.ports
    const played: Dealt[] = []
    for (let epoch = 0; epoch < 6; epoch++) {
      played.push(step(world))
      for (let behind = 1; behind <= Math.min(3, played.length); behind++) {
        const since = played.slice(-behind)
        const { before } = at(since, 0)
        const facts = since.map((one) => one.facts)
        const dealt = dealAhead({ state: before, facts, work }).dealer.deal
        expect(dealt).toEqual(at(world.state.dealt, -1).deal)
        expect(dealAhead({ state: stored(before), facts, work }).dealer.deal).toEqual(dealt)
      }
    }
  })

  test('counts an account once, whichever of its nodes answered', () => {
    const world = worldOf()
    // The first one's.
    const second = world.enrol({ wallet: -1 })
    const takers = Array.from({ length: 8 }, () => step(world).takers)
    expect(at(takers, -1)).toContain(second.index)
    expect(at(takers, -1)).not.toContain(2)
  })
})

function stored(state: State): State {
  const { manifest, stateHash, sections } = pageState(state)
  const read = readManifest(manifest, stateHash)
  const pages = new Map(
    read.sections.flatMap((hashes, i) =>
      hashes.map((hash, k): [string, Uint8Array] => [
        Buffer.from(hash).toString('hex'),
        at(at(sections, i), k),
      ]),
    ),
  )
  return restoreState(read, (hash) => pages.get(Buffer.from(hash).toString('hex')) ?? new Uint8Array())
}

describe('what is known of skill', () => {
  test('stays when its job is done, without the rest of its memory', () => {
    const world = worldOf()
    play(world, 2)
    expect(at([...jobOf(world, QUALIFYING).memory], 0)).toBe(7)
    world.closeJob(QUALIFYING)
    play(world, 3)
    expect(jobOf(world, QUALIFYING).done).toBe(true)
    expect(readSkills(jobOf(world, QUALIFYING).memory)).toEqual([
      { owner: 0, answers: 2, right: 2 * SCORE_ONE },
      { owner: 1, answers: 2, right: 2 * SCORE_ONE },
      { owner: 2, answers: 2, right: 0 },
    ])
    expect(step(world).takers).toEqual([0, 1])
  })

  test('is nothing where a kind tells more than a state can hold', () => {
    const work: Work = { ...skilfulWork(new Map()), skills: () => new Uint8Array(MEMORY_BYTES + 1) }
    const world = new World({ name: 'too much', work, contributors: [worker(), worker(), worker()] })
    world.addJob({ ...NO_FEES, kind: TOY_KINDS.across, tasks: 2, replicas: 3 })
    play(world, 2)
    world.closeJob(QUALIFYING)
    play(world, 3)
    expect(jobOf(world, QUALIFYING)).toMatchObject({ done: true, memory: new Uint8Array() })
    expect(stored(world.state)).toEqual(world.state)
  })

  test('goes some time after its job was closed, once no open job asks for it', () => {
    const world = worldOf()
    play(world, 2)
    world.closeJob(QUALIFYING)
    play(world, 2)
    const { closedAt, memory } = jobOf(world, QUALIFYING)
    const leftIn = (epoch: number, asked: readonly SkillAsked[]): number => {
      const draft = { ...draftOf(world.state), epoch }
      forgetSkills(draft, new Map([[ASKING, asked]]))
      return at(draft.jobs, QUALIFYING).memory.length
    }
    expect(memory).toHaveLength(36)
    expect(leftIn(closedAt + SKILL_EPOCHS, [])).toBe(36)
    expect(leftIn(closedAt + SKILL_EPOCHS + 1, [])).toBe(0)
    expect(leftIn(closedAt + SKILL_EPOCHS + 1, [half])).toBe(36)
  })

  test('goes from what was closed first where all of it is too much, and last from what is asked for', () => {
    const world = worldOf()
    play(world, 2)
    world.closeJob(QUALIFYING)
    play(world, 2)
    const draft = draftOf(world.state)
    const [one] = draft.jobs.filter(({ job }) => job.index === QUALIFYING)
    if (one === undefined) throw new Error('there is no such job')
    const memory = new Uint8Array(MEMORY_BYTES)
    const closed = Array.from({ length: 6 }, (_, index) => {
      return { ...one, job: { ...one.job, index }, closedAt: world.state.epoch - index, memory }
    })
    forgetSkills({ ...draft, jobs: closed }, new Map([[9, [{ ...half, job: 5 }]]]))
    expect(closed.filter((job) => job.memory.length > 0).map(({ job }) => job.index)).toEqual([0, 1, 2, 5])
  })

  test('is compared in whole numbers, and read from any bytes', () => {
    const asked = { answers: 3, right: 800_000 }
    expect(hasSkill({ answers: 3, right: 2_400_000 }, asked)).toBe(true)
    expect(hasSkill({ answers: 3, right: 2_399_999 }, asked)).toBe(false)
    expect(hasSkill({ answers: 2, right: 2_000_000 }, asked)).toBe(false)
    expect(readSkills(new Uint8Array(25).fill(1))).toHaveLength(2)
  })
})
