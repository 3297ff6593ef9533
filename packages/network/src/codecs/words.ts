// Words as numbers: each stands for its place in a list, which only grows at its end.
export interface Words<Word extends string> {
  number(word: Word): number
  /** Of a number without a fault. */
  word(number: number): Word
  fault(number: number): string | undefined
}

export function numbered<Word extends string>(
  what: string,
  words: readonly [Word, ...(readonly Word[])],
): Words<Word> {
  return {
    number: (word) => words.indexOf(word),
    word: (number) => words[number] ?? words[0],
    fault: (number) => (number < words.length ? undefined : `there is no ${what} ${number}`),
  }
}
