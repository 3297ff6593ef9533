// Who checks which stint this epoch: three for a new one, two more each epoch for a carried one, in the end all.
import { drawCheckers } from '../draws.ts'
import type { Facts } from '../facts.ts'
import type { Answer } from '../messages.ts'
import type { CarriedStint, Finding } from '../state/state.ts'
import { at, type Draft } from './draft.ts'
import type { FreshStint, UndecidedStint } from './stints.ts'

/** Checkers that join a carried stint each epoch. */
const MORE_CHECKERS = 2

export interface Due {
  readonly stint: UndecidedStint
  /** Verifier ids in the order drawn. */
  readonly checkers: readonly number[]
  /** From earlier epochs. */
  readonly findings: readonly Finding[]
  readonly answers: readonly Answer[]
  /** How its checkers decide. */
  readonly rule: 'half' | 'all' | 'two thirds' | 'stake'
}

/** Every undecided stint, ascending by (epoch, node). */
export function dueStints(draft: Draft, facts: Facts, fresh: readonly FreshStint[]): Due[] {
  const due = draft.carried.map((stint): Due => {
    const last = draft.epoch >= stint.epoch + facts.params.carryEpochs
    const checkers = last ? facts.snapshot.map(({ id }) => id) : moreCheckers(draft, facts, stint)
    const { findings, answers } = stint
    return { stint, checkers, findings, answers, rule: last ? 'stake' : 'two thirds' }
  })
  for (const stint of fresh) {
    const { nodeKey } = at(draft.nodes, stint.node)
    const checkers = drawCheckers({
      seed: facts.seed,
      nodeKey,
      epoch: stint.epoch,
      candidates: facts.snapshot,
      count: facts.params.checkers,
    })
    due.push({ stint, checkers, findings: [], answers: [], rule: stint.unproven ? 'all' : 'half' })
  }
  return due
}

/** Drawn with this epoch's seed, so that nobody could foresee them when the stint was carried. */
function moreCheckers(draft: Draft, facts: Facts, stint: CarriedStint): readonly number[] {
  const more = drawCheckers({
    seed: facts.seed,
    nodeKey: at(draft.nodes, stint.node).nodeKey,
    epoch: stint.epoch,
    candidates: facts.snapshot,
    count: MORE_CHECKERS,
    before: stint.checkers,
  })
  return [...stint.checkers, ...more]
}
