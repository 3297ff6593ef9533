// How each form is judged: which answers count at all, how much two agree, and what the result of each task is.
import { SCORE_ONE } from '@piecework/protocol'
import type { HeldBytes } from '../../kind.ts'
import { provenPart, type Skills } from '../../people/skills.ts'
import { mostAgreed, setAgreement, textAgreement, weighedMedian } from '../../statistics/agreement.ts'
import { bradleyTerry } from '../../statistics/bradley-terry.ts'
import { normaliseText } from '../../statistics/simhash.ts'
import type { JudgeAnswer } from './answer.ts'
import type { AskedTask } from './asked.ts'
import { pairOf } from './pair.ts'
import { plainText, quotesHold } from './quotes.ts'
import type { JudgeForm } from './spec.ts'
import { addWin, gamesOf, type Wins } from './wins.ts'

export interface Method {
  readonly valid: (answer: JudgeAnswer) => boolean
  readonly agreement: (a: JudgeAnswer, b: JudgeAnswer) => number
  /** One for each task; undefined where nobody has a say. */
  readonly find: (asked: readonly AskedTask[]) => readonly (JudgeAnswer | undefined)[]
}

interface Knows {
  readonly skills: Skills
  readonly wins: Wins
  readonly held: HeldBytes
}

/** A rewrite that shares fewer of its words with another one is a text about something else. */
const ALIKE = 0.3
/** A grade that is off by this part of the scale or more earns nothing. */
const FAR = 0.5

export function methodOf(form: JudgeForm, knows: Knows): Method {
  switch (form.type) {
    case 'pairs':
      return pairs(form.count, knows)
    case 'grade':
      return grades(form.most - form.least, knows)
    case 'rewrite':
      return middle((a, b) => alikeTexts(a.text ?? '', b.text ?? ''), knows)
    case 'claims':
      return claims(form, knows)
  }
}

/** In millionths: how right somebody is who draws lots. */
export function chanceOf(form: JudgeForm): number {
  if (form.type === 'pairs') return SCORE_ONE / 2
  return form.type === 'rewrite' ? 0 : Math.floor(SCORE_ONE / 3)
}

/** Who has a say, with more weight the more of its answers were right. */
function loudOf({ voices }: AskedTask, skills: Skills): readonly { answer: JudgeAnswer; weight: number }[] {
  return voices
    .filter(({ silent }) => !silent)
    .map(({ owner, answer }) => ({ answer, weight: 1 + provenPart(skills.of(owner), 0) / SCORE_ONE }))
}

function middle(
  agreement: Method['agreement'],
  { skills }: Knows,
  valid: Method['valid'] = () => true,
): Method {
  const find: Method['find'] = (asked) =>
    asked.map((task) => task.fixed ?? mostAgreed(loudOf(task, skills), agreement)?.answer)
  return { valid, agreement, find }
}

/** All that was ever said about the items decides, not the two or three votes on this pair alone. */
function pairs(count: number, { skills, wins }: Knows): Method {
  const find: Method['find'] = (asked) => {
    for (const task of asked) {
      const { first, second } = pairOf(task.task, count)
      for (const { answer, weight } of loudOf(task, skills)) {
        const won =
          answer.better === 'first' ? { winner: first, loser: second } : { winner: second, loser: first }
        addWin(wins, { ...won, weight }, count)
      }
    }
    const strengths = bradleyTerry(count, gamesOf(wins))
    return asked.map((task) => {
      if (task.fixed !== undefined) return task.fixed
      if (loudOf(task, skills).length === 0) return undefined
      const { first, second } = pairOf(task.task, count)
      return { better: (strengths[first] ?? 1) >= (strengths[second] ?? 1) ? 'first' : 'second' }
    })
  }
  return { valid: () => true, agreement: (a, b) => (a.better === b.better ? 1 : 0), find }
}

function grades(range: number, { skills }: Knows): Method {
  const agreement: Method['agreement'] = (a, b) => {
    const off = ((a.grade ?? 0) - (b.grade ?? 0)) / range
    const near = 1 - (off < 0 ? -off : off)
    return near > 1 - FAR ? near : 0
  }
  const find: Method['find'] = (asked) =>
    asked.map((task) => {
      const loud = loudOf(task, skills)
      const grade = weighedMedian(loud.map(({ answer, weight }) => ({ answer: answer.grade ?? 0, weight })))
      // With the reason of somebody who gave just that grade.
      return task.fixed ?? loud.find(({ answer }) => answer.grade === grade)?.answer
    })
  return { valid: () => true, agreement, find }
}

/** Of the quotes it only matters that they are there; people find different ones. */
function claims({ sources }: Extract<JudgeForm, { type: 'claims' }>, knows: Knows): Method {
  const texts = new Map<string, string>()
  const textOf = ({ name, hash }: { readonly name: string; readonly hash: Uint8Array }): string => {
    const text = texts.get(name) ?? plainText(knows.held.bytes(hash))
    texts.set(name, text)
    return text
  }
  return middle(
    (a, b) => (a.verdict === b.verdict ? 1 : 0),
    knows,
    (answer) => quotesHold(answer, sources, textOf),
  )
}

/** By words, so that other words cost something and another order nothing; near copies are alike by their letters. */
function alikeTexts(a: string, b: string): number {
  const words = (text: string) => new Set(normaliseText(text).split(' '))
  const shared = setAgreement(words(a), words(b))
  const alike = shared < 1 && a.length + b.length < 1_000 ? Math.max(shared, textAgreement(a, b)) : shared
  return alike >= ALIKE ? alike : 0
}
