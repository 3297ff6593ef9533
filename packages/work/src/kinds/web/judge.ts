// Which page was really there: the one that more than half of those who have a say saw, up to small differences.
import { type JudgedTask, type Judgement, SCORE_ONE } from '@piecework/protocol'
import type { AcrossInput } from '../../kind.ts'
import { fixedAnswer, type Reading, voicesOf } from '../../people/voices.ts'
import { mostAgreed } from '../../statistics/agreement.ts'
import { normaliseText, simhashDistance } from '../../statistics/simhash.ts'
import { type Page, readPage } from './page.ts'
import type { WebSpec } from './spec.ts'

/** Shorter texts differ in many bits when one word differs: they have to be the same. */
const WORDS = 50

export function judgePages({ alike }: WebSpec, { memory, tasks }: AcrossInput): Judgement {
  const reading: Reading<Page> = { read: readPage, agreement: (a, b) => (samePage(a, b, alike) ? 1 : 0) }
  return { tasks: tasks.map((task) => judgePage(task, reading)), memory }
}

function judgePage(task: JudgedTask, reading: Reading<Page>): Judgement['tasks'][number] {
  const page = (task.result && readPage(task.result)) ?? seenByMost(task, reading)
  return {
    result: page === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(page)),
    scores: task.answers.map(({ output }) => {
      const seen = readPage(output)
      return page !== undefined && seen !== undefined ? reading.agreement(page, seen) * SCORE_ONE : 0
    }),
  }
}

function seenByMost(task: JudgedTask, reading: Reading<Page>): Page | undefined {
  const voices = voicesOf(task.answers, reading)
  const fixed = fixedAnswer(task, voices, reading)
  if (fixed !== undefined) return fixed
  const loud = voices.filter(({ silent }) => !silent).map(({ answer }) => ({ answer, weight: 1 }))
  const most = mostAgreed(loud, reading.agreement)
  return most !== undefined && most.agreement > 0.5 ? most.answer : undefined
}

export function samePage(a: Page, b: Page, alike: number): boolean {
  if (a.outcome !== b.outcome || a.status !== b.status || a.url !== b.url) return false
  const [one, other] = [normaliseText(a.text), normaliseText(b.text)]
  if (one === other) return true
  if (Math.min(one.split(' ').length, other.split(' ').length) < WORDS) return false
  return simhashDistance(a.simhash, b.simhash) <= alike
}
