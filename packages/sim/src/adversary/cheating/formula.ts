// What the rules say should happen, computed from their sentences alone and not from the code that is measured:
// how likely a fake is drawn, and how likely friends among the checkers let it pass all the same.

export interface FakedRow {
  readonly value: number
  /** Bond and vouch of its node, before the epoch. */
  readonly bond: number
  /** Draw rate of its kind, 0 to 1. */
  readonly rate: number
}

/** max(rate, 2v / (2v + B)) */
export function drawChance({ value, bond, rate }: FakedRow): number {
  return Math.max(rate, (2 * value) / (2 * value + bond))
}

/** That at least one of them is drawn. */
export function anyDrawn(rows: readonly FakedRow[]): number {
  return 1 - rows.reduce((none, row) => none * (1 - drawChance(row)), 1)
}

export interface Quorum {
  /** All of one stake. */
  readonly verifiers: number
  readonly friends: number
  /** Drawn for a stint at first. */
  readonly checkers: number
  /** All of these must agree, and not more than half of them, while the bond is below what it should be. */
  readonly unproven: boolean
  /** Epochs in which checkers decide by number: the first, and those in which two more join. */
  readonly rounds: number
}

/** Checkers that join a carried stint each epoch. */
const MORE_CHECKERS = 2

/**
 * That friends alone decide a stint with a drawn fake, which its node opens to friends only. Until carryEpochs have
 * passed they may yet be enough among the checkers that join; then all stake decides, and they are less than half.
 */
export function friendsPass({ verifiers, friends, checkers, unproven, rounds }: Quorum): number {
  let passed = 0
  let drawn = Math.min(checkers, verifiers)
  let waiting = drawMore(new Map([[0, 1]]), { verifiers, friends, drawn: 0, more: drawn })
  const enough = (found: number): boolean => (unproven ? found === drawn : 2 * found > drawn)
  const enoughCarried = (found: number): boolean => 3 * found > 2 * drawn
  for (let round = 0; round < rounds; round++) {
    if (round > 0) {
      const more = Math.min(MORE_CHECKERS, verifiers - drawn)
      waiting = drawMore(waiting, { verifiers, friends, drawn, more })
      drawn += more
    }
    const passes = round === 0 ? enough : enoughCarried
    for (const [found, chance] of waiting) {
      if (!passes(found)) continue
      passed += chance
      waiting.delete(found)
    }
  }
  return passed
}

interface Urn {
  readonly verifiers: number
  readonly friends: number
  readonly drawn: number
  readonly more: number
}

/** Chances by how many friends are among the drawn, after `more` are drawn without replacement. */
function drawMore(chances: ReadonlyMap<number, number>, urn: Urn): Map<number, number> {
  let current = new Map(chances)
  for (let i = 0; i < urn.more; i++) {
    const next = new Map<number, number>()
    const add = (found: number, chance: number): void => {
      if (chance > 0) next.set(found, (next.get(found) ?? 0) + chance)
    }
    for (const [found, chance] of current) {
      const another = (urn.friends - found) / (urn.verifiers - urn.drawn - i)
      add(found + 1, chance * another)
      add(found, chance * (1 - another))
    }
    current = next
  }
  return current
}
