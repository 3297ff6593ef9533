// Whether quotes are really in their sources, word by word.
import { normaliseText } from '../../statistics/simhash.ts'
import type { JudgeAnswer } from './answer.ts'
import type { Source } from './spec.ts'

/** White space may differ: people copy from what a screen has wrapped. A verdict but `unclear` needs a quote. */
export function quotesHold(
  { verdict, quotes = [] }: JudgeAnswer,
  sources: readonly Source[],
  textOf: (source: Source) => string,
): boolean {
  if (quotes.length === 0) return verdict === 'unclear'
  return quotes.every(({ source: name, text }) => {
    const source = sources.find((one) => one.name === name)
    const quoted = normaliseText(text)
    return source !== undefined && quoted !== '' && textOf(source).includes(quoted)
  })
}

export function plainText(bytes: Uint8Array): string {
  return normaliseText(new TextDecoder().decode(bytes))
}
