// What a benchmark is: something measured beside its comparison in the same run, and the bars it must reach.

export interface Bar {
  readonly name: string
  readonly value: number
  /** The comparison as text, such as '>= 300'. */
  readonly bar: string
  readonly ok: boolean
}

export interface Measured {
  readonly figures: Readonly<Record<string, number | string>>
  readonly bars: readonly Bar[]
  /** What this machine lacks: nothing was measured, and no bar is met. */
  readonly skipped?: string
}

export interface Bench {
  readonly name: string
  /** One sentence: what is measured, against what. */
  readonly about: string
  readonly run: () => Promise<Measured>
}

export function atLeast(name: string, value: number, bar: number): Bar {
  return { name, value, bar: `>= ${bar}`, ok: value >= bar }
}

export function atMost(name: string, value: number, bar: number): Bar {
  return { name, value, bar: `<= ${bar}`, ok: value <= bar }
}

/** Of what varies with whatever else the machine does. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
