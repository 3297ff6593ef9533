// Money over a thousand epochs of worlds in which everything happens.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { State } from '../src/state/state.ts'
import { inFlightProblems, moneyProblems, monotoneProblems } from './support/invariants.ts'
import { RandomWorld, shape } from './support/random-world.ts'

const WORLDS = 25
const EPOCHS = 40

/** What has to happen in these worlds, or they would show nothing. */
const HAPPENINGS: Readonly<Record<string, (state: State) => boolean>> = {
  'a stint is carried': ({ carried }) => carried.length > 0,
  'pay is held': ({ nodes }) => nodes.some(({ held }) => held > 0n),
  'a bond is filled': ({ nodes }) => nodes.some(({ bond }) => bond > 0n),
  'a node fails': ({ nodes, epoch }) => nodes.some(({ failedAt }) => failedAt === epoch),
  'the commons get something': ({ accounts }) => (accounts[0]?.released ?? 0n) > 0n,
  'a verifier is slashed': ({ verifiers }) => verifiers.some(({ slashed }) => slashed > 0n),
  'an answer waits': ({ jobs }) => jobs.some(({ tasks }) => tasks.some(({ answers }) => answers.length > 0)),
  'a task is to be dealt again': ({ jobs }) => jobs.some(({ tasks }) => tasks.some((one) => one.missing > 0)),
  'an open row is paid': ({ jobs }) =>
    jobs.some(({ openNext, charged }) => openNext.length > 0 && charged > 0n),
  'a job is done that was charged': ({ jobs }) => jobs.some(({ done, charged }) => done && charged > 0n),
  'a deposit is exhausted': ({ jobs }) =>
    jobs.some(({ job, charged }) => charged > 0n && charged + 3n > job.deposit),
  'a node leaves': ({ nodes }) => nodes.some(({ kinds }) => kinds.length === 0),
}

test(`no unit of money is lost or made in ${WORLDS * EPOCHS} epochs`, { timeout: 120_000 }, () => {
  const missing = new Set(Object.keys(HAPPENINGS))
  const play = fc.property(shape, (one) => {
    const random = new RandomWorld(one)
    for (let i = 0; i < EPOCHS; i++) {
      const before = random.world.state
      const applied = random.step()
      const { state } = applied
      const problems = [
        ...moneyProblems(applied),
        ...monotoneProblems(before, state),
        ...inFlightProblems(state),
      ]
      expect(problems, `epoch ${state.epoch}`).toEqual([])
      for (const name of missing) if (HAPPENINGS[name]?.(state) === true) missing.delete(name)
    }
  })
  // A failing world is small already, and trying smaller ones takes minutes.
  fc.assert(play, { numRuns: WORLDS, endOnFailure: true })
  expect([...missing]).toEqual([])
})
