// What a job remembers of those who answer: how many answers, and how right they were. Skill decides what an accepted
// answer is paid beyond the floor. It starts at nothing, so that a new account never earns more than a known one.
import {
  MEMORY_BYTES,
  readSkills,
  SCORE_ONE,
  SKILL_BYTES,
  type Skill,
  writeSkills,
} from '@piecework/protocol'

/** Both are halved beyond it, so that who changes is seen to change. Its millionths fit into 32 bits. */
const REMEMBERED = 1_000
/** More answers than this nobody can be asked to have: whoever gave one more than are remembered has so many left. */
export const MOST_ANSWERS: number = Math.floor((REMEMBERED + 1) / 2)
/** With so many right answers, a worker is paid half of what lies beyond the floor; with nine times as many, 9/10. */
const HALF_PROVEN = 4

const NONE: Skill = { answers: 0, right: 0 }

export class Skills {
  readonly #byOwner = new Map<number, Skill>()

  /** Of bytes that this class wrote; the end of others is ignored. */
  constructor(memory: Uint8Array) {
    for (const { owner, answers, right } of readSkills(memory)) this.#byOwner.set(owner, { answers, right })
  }

  of(owner: number): Skill {
    return this.#byOwner.get(owner) ?? NONE
  }

  add(owner: number, right: number): void {
    const before = this.of(owner)
    const sum = { answers: before.answers + 1, right: before.right + right }
    const full = sum.answers > REMEMBERED
    this.#byOwner.set(
      owner,
      full ? { answers: Math.floor(sum.answers / 2), right: Math.floor(sum.right / 2) } : sum,
    )
  }

  /** Ascending by owner. Where there is no room for all, those with the fewest answers are forgotten. */
  write(room: number = MEMORY_BYTES): Uint8Array {
    const kept = [...this.#byOwner]
      .sort(([a, one], [b, other]) => other.answers - one.answers || a - b)
      .slice(0, Math.floor(room / SKILL_BYTES))
      .sort(([a], [b]) => a - b)
    return writeSkills(kept.map(([owner, skill]) => ({ owner, ...skill })))
  }
}

/** What of the pay beyond the floor a skill earns, in millionths. Whoever draws lots is right by `chance`, and gets none. */
export function provenPart({ answers, right }: Skill, chance: number): number {
  const beyond = Math.max(0, right - answers * chance)
  return Math.floor((beyond * SCORE_ONE) / ((SCORE_ONE - chance) * (answers + HALF_PROVEN)))
}

/** All in millionths: `credit` is how well the answer agrees with the result. */
export function scoreOf({
  credit,
  floor,
  proven,
}: Readonly<Record<'credit' | 'floor' | 'proven', number>>): number {
  const part = floor + Math.floor(((SCORE_ONE - floor) * proven) / SCORE_ONE)
  return Math.floor((credit * part) / SCORE_ONE)
}
