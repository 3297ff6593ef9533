// What a job asks of skill, held against the jobs that a network has.
import { writeJobSpec } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { installedKinds } from '../src/common/kinds.ts'
import { aboutSkills, jobsThatAsk } from '../src/job/required.ts'

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

  it('is told to who gets no work, of jobs that are open', async () => {
    const spec = (requires: readonly object[]): Uint8Array =>
      writeJobSpec({
        ...{ kind: 'label', title: 'x', requires },
        work: { instructions: '?', items: '00'.repeat(32), answer: { type: 'text', most: 9 } },
      })
    const asking = [{ job: 3, answers: 5, right: 0.8 }]
    const specs = [spec([]), spec(asking), spec(asking), new TextEncoder().encode('no spec'), undefined]
    const jobs = specs.map((_, index) => {
      const times = { openSlot: 7, closeSlot: index === 2 ? 9 : 0 }
      return { index, workKind: label ?? 0, specHash: Uint8Array.of(index), ...times }
    })
    const content = async ([index = 0]: Uint8Array): Promise<Uint8Array | undefined> => specs[index]
    expect(await jobsThatAsk(jobs, { content, kinds })).toEqual([
      'Job 1 is dealt only to accounts of which 5 answers were judged in job 3, and 80 % of them right.',
    ])
  })

  it('is refused where nobody could ever have it', () => {
    expect(() => about(4)).toThrow(/job 4, which does not exist \(yet\): post it first/)
    expect(() => about(1)).toThrow(
      /job 1, of a kind that remembers no skill: name a job of the kind label or judge/,
    )
  })
})
