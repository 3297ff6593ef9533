// Skill as all kinds write it for others to ask for: how often an account was judged in a job, and how right it was.
import { readU32, writeU32 } from './bytes.ts'

export interface Skill {
  /** Answers that were judged. */
  readonly answers: number
  /** What they were right in all, in millionths. */
  readonly right: number
}

export interface SkillRecord extends Skill {
  /** The number of a wallet. */
  readonly owner: number
}

/** owner u32, answers u32, right u32. */
export const SKILL_BYTES = 12

/** What a job asks of those who may do it: judged in another job at least so often, and right to at least this part. */
export interface SkillAsked {
  readonly job: number
  readonly answers: number
  /** Of each answer on average, in millionths. */
  readonly right: number
}

export function hasSkill({ answers, right }: Skill, asked: Omit<SkillAsked, 'job'>): boolean {
  return answers >= asked.answers && right >= answers * asked.right
}

/** Any bytes are skills: what is left at the end is nobody's. */
export function readSkills(bytes: Uint8Array): SkillRecord[] {
  return Array.from({ length: Math.floor(bytes.length / SKILL_BYTES) }, (_, i) => {
    const [owner = 0, answers = 0, right = 0] = [0, 4, 8].map((at) => readU32(bytes, i * SKILL_BYTES + at))
    return { owner, answers, right }
  })
}

export function writeSkills(skills: readonly SkillRecord[]): Uint8Array {
  const bytes = new Uint8Array(skills.length * SKILL_BYTES)
  for (const [i, { owner, answers, right }] of skills.entries()) {
    for (const [word, value] of [owner, answers, right].entries())
      writeU32(bytes, i * SKILL_BYTES + 4 * word, value)
  }
  return bytes
}
