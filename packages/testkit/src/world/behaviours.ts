// Contributors that are not honest, by what they do.
import type { SeededRandom } from '../random.ts'
import type { AnswerContext, Behaviour, DealtTask, WorkContext } from './contributor.ts'
import { rightOutput } from './toy-work.ts'

export const honest: Behaviour = {}

export const absent: Behaviour = { works: () => false }

function fakeOutput(random: SeededRandom): Uint8Array {
  return random.bytes(32)
}

/** Fakes each row with this probability, and answers its checkers whatever they ask. */
export function faker(share: number): Behaviour {
  return {
    output: ({ job, task }: DealtTask, { random }: WorkContext) => {
      return random.chance(share) ? fakeOutput(random) : rightOutput(job, task)
    },
  }
}

/** Fakes like a faker, and says nothing at all once a fake is drawn. */
export function silentFaker(share: number): Behaviour {
  return { ...faker(share), answers: ({ drawnFakes }: AnswerContext) => drawnFakes === 0 }
}

/** Honest, and never answers a checker. */
export const silent: Behaviour = { answers: () => false }

/** Honest until an epoch, then fakes everything. */
export function sleeper(until: number): Behaviour {
  return {
    output: ({ job, task }, { epoch, random }) =>
      epoch < until ? rightOutput(job, task) : fakeOutput(random),
  }
}

export const equivocator: Behaviour = { equivocates: () => true }

/** Away in these epochs, and back with its answers afterwards. */
export function away(from: number, until: number): Behaviour {
  const here = (epoch: number): boolean => epoch < from || epoch >= until
  return { works: here, answers: ({ epoch }) => here(epoch) }
}
