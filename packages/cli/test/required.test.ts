// What a job asks of skill, held against the jobs that a network has.
import { describe, expect, it } from 'vitest'
import { installedKinds } from '../src/common/kinds.ts'
import { aboutSkills } from '../src/job/required.ts'

const kinds = await installedKinds()
const [label, compute] = ['label', 'compute'].map((name) => kinds.named(name).id)
const chain = {
  count: 4,
  // The fourth was refunded.
  jobs: [label, compute, label].map((workKind = 0, index) => ({ index, workKind, closeSlot: 90 * index })),
}
const about = (job: number): readonly string[] =>
  aboutSkills([{ job, answers: 5, right: 800_000 }], chain, kinds)

describe('a skill that a job asks for', () => {
  it('is said as people read it', () => {
    expect(about(0)).toEqual([
      'dealt to who gave 5 answers in job 0 and was right in 80 % of them, from the third epoch after it opens',
    ])
  })

  it('of a job that is closed, or refunded, is forgotten after a while', () => {
    for (const job of [2, 3])
      expect(about(job)[0]).toMatch(/is closed, and its skills are forgotten 2016 epochs/)
  })

  it('is refused where nobody could ever have it', () => {
    expect(() => about(4)).toThrow(/job 4, which does not exist \(yet\): post it first/)
    expect(() => about(1)).toThrow(
      /job 1, of a kind that remembers no skill: name a job of the kind label or judge/,
    )
  })
})
