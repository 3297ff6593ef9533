// Who has the skill that a job asks for: looked at when a workforce is fixed, so that it stays what it was then.
import { MEMORY_BYTES } from '../limits.ts'
import { hasSkill, readSkills, type SkillAsked } from '../skills.ts'
import type { Work } from '../work.ts'
import type { Rules } from './chain-facts.ts'
import { isWorth } from './deal-due.ts'
import type { Draft, JobDraft } from './draft.ts'
import { isOpen } from './jobs-known.ts'

/**
 * Epochs that the skills of a closed job are kept, so that a requester can look at its results before it posts the job
 * that asks for them: a week of five minutes.
 */
export const SKILL_EPOCHS = 2016

/**
 * Of all done jobs together, so that many small jobs can't make every state larger for a week: 1.4 million
 * skills. What open jobs ask for stays before what was closed last.
 */
export const KEPT_SKILL_BYTES = 16_777_216

/** By job: what it asks for. Only open jobs whose tasks are dealt, and only those that ask for any. */
export type SkillsAsked = ReadonlyMap<number, readonly SkillAsked[]>

export function skillsAsked(draft: Draft, rules: Rules, work: Work): SkillsAsked {
  const asked = new Map<number, readonly SkillAsked[]>()
  for (const known of draft.jobs) {
    const { job } = known
    if (!isOpen(known) || rules.get(job.kind)?.allocation !== 'dealt' || !isWorth(job)) continue
    const skills = work.asks(job)
    if (skills.length > 0) asked.set(job.index, skills)
  }
  return asked
}

/** Of a job that is done: its skills alone, whose bytes need no spec to be read. */
export function skillsLeft(job: JobDraft, work: Work): Uint8Array {
  if (job.memory.length === 0) return job.memory
  const skills = work.skills({ job: job.job, memory: job.memory })
  // Whatever a kind says: a state must be one that can be read.
  return skills.length <= MEMORY_BYTES ? skills : new Uint8Array()
}

/** The skills of done jobs go when no open job asks for them, and some time has passed or there is no room. */
export function forgetSkills(draft: Draft, asked: SkillsAsked): void {
  const wanted = new Set([...asked.values()].flat().map(({ job }) => job))
  const isWanted = ({ job }: JobDraft): boolean => wanted.has(job.index)
  const kept = draft.jobs.filter(({ done, memory }) => done && memory.length > 0)
  kept.sort(
    (a, b) =>
      Number(isWanted(b)) - Number(isWanted(a)) || b.closedAt - a.closedAt || b.job.index - a.job.index,
  )
  let bytes = 0
  for (const job of kept) {
    bytes += job.memory.length
    const isOld = !isWanted(job) && draft.epoch > job.closedAt + SKILL_EPOCHS
    if (isOld || bytes > KEPT_SKILL_BYTES) job.memory = new Uint8Array()
  }
}

export class SkilledNodes {
  readonly #draft: Draft
  readonly #work: Work
  /** By position in the workforce. */
  readonly #owners: Uint32Array
  /** By job: its skills. */
  readonly #skills = new Map<number, ReturnType<typeof readSkills>>()

  constructor(draft: Draft, owners: Uint32Array, work: Work) {
    this.#draft = draft
    this.#owners = owners
    this.#work = work
  }

  /** A bit for each position in the workforce: 1 for a node whose account has all of these skills. */
  bitsOf(asked: readonly SkillAsked[]): Uint8Array {
    /** By owner: how many of them it has, from the first on. */
    const has = new Uint8Array(this.#draft.owners.length)
    for (const [i, one] of asked.entries()) {
      for (const record of this.#skillsOf(one.job)) {
        if (has[record.owner] === i && hasSkill(record, one)) has[record.owner] = i + 1
      }
    }
    const bits = new Uint8Array(Math.ceil(this.#owners.length / 8))
    for (let i = 0; i < this.#owners.length; i++) {
      if (has[this.#owners[i] ?? 0] === asked.length) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7))
    }
    return bits
  }

  #skillsOf(index: number): ReturnType<typeof readSkills> {
    const known = this.#skills.get(index)
    if (known !== undefined) return known
    const job = this.#draft.jobs[index]
    const left = job === undefined || job.done ? job?.memory : skillsLeft(job, this.#work)
    const skills = readSkills(left ?? new Uint8Array())
    this.#skills.set(index, skills)
    return skills
  }
}
