// Asks endpoints until as many as needed say the same: the better ones first, the others when those fail, and all of
// them again after a pause. Bounded, whatever they do.
import type { SlotReading } from '../clock.ts'
import { ChainError, type ChainErrorCode } from '../errors.ts'
import { stoppedError } from '../limit.ts'
import type { AsOf } from '../port.ts'
import type { Random, Time } from '../ports.ts'
import type { Endpoint } from './endpoint.ts'

/** A dropped call or a restart is over by then; what fails for longer is down. */
const ROUNDS = 4
/** Before the second round; doubled for each one after. */
const PAUSE_MS = 200

/** Errors that another endpoint, or a later moment, may not have. */
const PASSING: ReadonlySet<ChainErrorCode> = new Set<ChainErrorCode>([
  'rpc/unreachable',
  'rpc/timeout',
  'rpc/garbage',
  'rpc/behind',
  'rpc/disagree',
  'rpc/wrong-cluster',
])

export interface Question<T, R> {
  /** What is asked, for the error. */
  readonly what: string
  /** How many must answer, for a start. */
  readonly need: number
  readonly ask: (endpoint: Endpoint) => Promise<T>
  /** The answer that these make together; undefined: they don't. */
  readonly decide: (answers: readonly T[]) => R | undefined
  /** ROUNDS, where it is left out. */
  readonly rounds?: number
}

export interface PoolOptions {
  readonly endpoints: readonly Endpoint[]
  readonly time: Time
  readonly random: Random
  readonly stopped: AbortSignal
}

export class Pool {
  readonly #options: PoolOptions

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Whatever one of them answers. */
  any<T>(what: string, ask: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return this.ask({ what, need: 1, ask, decide: ([answer]) => answer })
  }

  async ask<T, R>(question: Question<T, R>): Promise<R> {
    const { time, random, stopped } = this.#options
    const rounds = question.rounds ?? ROUNDS
    for (let round = 1; ; round++) {
      const { answer, error } = await this.#round(question)
      if (answer !== undefined) return answer
      if (stopped.aborted) throw stoppedError()
      if (round === rounds || !PASSING.has(error.code)) throw error
      await time.wait(PAUSE_MS * 2 ** (round - 1) * (0.5 + random()), stopped)
    }
  }

  /** As many as needed at once; for each that doesn't help, the next. */
  async #round<T, R>(question: Question<T, R>): Promise<{ readonly answer?: R; readonly error: ChainError }> {
    const waiting = [...this.#options.endpoints].sort((a, b) => a.failures - b.failures)
    const answers: T[] = []
    const errors: ChainError[] = []
    while (waiting.length > 0) {
      const missing = Math.max(1, question.need - answers.length)
      const asked = await Promise.allSettled(waiting.splice(0, missing).map((one) => question.ask(one)))
      for (const result of asked) {
        if (result.status === 'fulfilled') answers.push(result.value)
        else errors.push(asChainError(result.reason))
      }
      const answer = answers.length >= question.need ? question.decide(answers) : undefined
      if (answer !== undefined) return { answer, error: disagreement(question, answers.length) }
    }
    const enough = answers.length >= question.need
    return { error: enough || errors.length === 0 ? disagreement(question, answers.length) : telling(errors) }
  }
}

/** A defect of our own must not pass for one of the network. */
function asChainError(reason: unknown): ChainError {
  if (reason instanceof ChainError) return reason
  throw reason
}

/** A refusal tells more than that somebody else could not be reached. */
function telling(errors: readonly ChainError[]): ChainError {
  return errors.reduce((told, one) => (PASSING.has(told.code) ? one : told))
}

function disagreement(
  { what, need }: { readonly what: string; readonly need: number },
  answers: number,
): ChainError {
  const message = `${need} endpoints have to say the same of ${what}, and no ${need} of ${answers} that answered do: one is behind or lies. Add another endpoint.`
  return new ChainError('rpc/disagree', message, { what, need, answers })
}

/** The lowest slot of an answer that several gave, and how far above it others were. */
export interface Agreed<T> extends AsOf<T> {
  readonly spread: number
}

/** As many as needed with the same content, as of the lowest of their slots. */
export function alike<T>(
  need: number,
  contentOf: (value: T) => string,
): (answers: readonly AsOf<T>[]) => Agreed<T> | undefined {
  return (answers) => {
    const groups = new Map<string, AsOf<T>[]>()
    for (const answer of answers) {
      const content = contentOf(answer.value)
      groups.set(content, [...(groups.get(content) ?? []), answer])
    }
    const group = [...groups.values()].find((some) => some.length >= need)
    const [lowest, ...others] = [...(group ?? [])].sort((a, b) => a.slot - b.slot)
    return lowest && { ...lowest, spread: (others.at(-1) ?? lowest).slot - lowest.slot }
  }
}

/** As many as needed within a spread; of those that are closest to each other, the lowest: all have reached it. */
export function closest(
  need: number,
  maxSpread: number,
): (answers: readonly number[]) => SlotReading | undefined {
  return (answers) => {
    const ascending = [...answers].sort((a, b) => a - b)
    const groups = ascending.map((slot, place) => ({
      slot,
      spread: (ascending[place + need - 1] ?? Infinity) - slot,
    }))
    const [group] = groups.sort((a, b) => a.spread - b.spread)
    return group !== undefined && group.spread <= maxSpread ? group : undefined
  }
}
