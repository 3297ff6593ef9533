// Who has a say in what is right: each owner once, however many accounts answered for it, and nobody in trial.
import type { JudgedAnswer, JudgedTask } from '@piecework/protocol'
import { mostAgreed } from '../statistics/agreement.ts'

export interface Voice<Answer> {
  readonly owner: number
  readonly answer: Answer
  /** It is measured, and decides nothing. */
  readonly silent: boolean
}

/** What is one's answer with regard to others', and how much two of them agree, between nothing and one. */
export interface Reading<Answer> {
  readonly read: (output: Uint8Array) => Answer | undefined
  readonly agreement: (a: Answer, b: Answer) => number
}

/** Of several answers of one owner, the one in their middle. Ascending by owner. */
export function voicesOf<Answer>(
  answers: readonly JudgedAnswer[],
  { read, agreement }: Reading<Answer>,
): readonly Voice<Answer>[] {
  const byOwner = Map.groupBy(answers, ({ owner }) => owner)
  return [...byOwner]
    .sort(([a], [b]) => a - b)
    .flatMap(([owner, given]) => {
      // What an owner says outside of trial is what it says.
      const loud = given.filter(({ trial }) => !trial)
      const said = (loud.length > 0 ? loud : given).map(({ output }) => read(output))
      const middle = mostAgreed(weighed(said), agreement)
      return middle === undefined ? [] : [{ owner, answer: middle.answer, silent: loud.length === 0 }]
    })
}

/** In the order of their texts, which decides between equals. */
function weighed<Answer>(said: readonly (Answer | undefined)[]): { answer: Answer; weight: number }[] {
  return said
    .filter((answer) => answer !== undefined)
    .map((answer) => ({ text: JSON.stringify(answer), answer, weight: 1 }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
}

/** Who agrees less than that contradicts. */
const ALIKE = 0.5
/** More than this part of the voices outside of trial against it make a known answer void: 2/3. */
const VOID = { of: 3, above: 2 }

/** A known answer, unless too many contradict it: then it was not known. */
export function fixedAnswer<Answer>(
  { known }: Pick<JudgedTask, 'known'>,
  voices: readonly Voice<Answer>[],
  { read, agreement }: Reading<Answer>,
): Answer | undefined {
  const answer = known === undefined ? undefined : read(known)
  if (answer === undefined) return undefined
  const loud = voices.filter(({ silent }) => !silent)
  const against = loud.filter((voice) => agreement(voice.answer, answer) < ALIKE).length
  return against * VOID.of > loud.length * VOID.above ? undefined : answer
}
