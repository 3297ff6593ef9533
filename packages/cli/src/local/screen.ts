// The live view: news as lines that stay, and on a terminal a table below them that changes in place.

import { tokensOf } from '../common/money.ts'
import type { Context } from '../context.ts'
import type { Sight } from './sight.ts'

export class Screen {
  readonly #context: Context
  readonly #began: number
  #drawn = 0

  constructor(context: Context) {
    this.#context = context
    this.#began = context.io.now()
  }

  /** A line that stays. */
  tell(line: string): void {
    const seconds = ((this.#context.io.now() - this.#began) / 1_000).toFixed(1).padStart(6)
    this.#erase()
    this.#write(`${seconds} s  ${line}`)
  }

  table(sight: Sight, decimals: number): void {
    if (!this.#context.io.isTerminal || this.#context.json) return
    const lines = tableOf(sight, decimals)
    this.#erase()
    for (const line of lines) this.#write(line)
    this.#drawn = lines.length
  }

  #erase(): void {
    if (this.#drawn > 0) this.#context.io.err(`\x1b[${this.#drawn}A\x1b[J\x1b[A`)
    this.#drawn = 0
  }

  /** Standard output is for the one line of JSON alone, where that was asked for. */
  #write(line: string): void {
    if (this.#context.json || this.#context.io.isTerminal) this.#context.io.err(line)
    else this.#context.io.out(line)
  }
}

export function tableOf({ slot, state, nodes, delivered }: Sight, decimals: number): readonly string[] {
  const { totals, lastFinal } = state.network
  const money = (units: bigint): string => tokensOf(units, decimals).padStart(10)
  return [
    '',
    `slot ${slot}, final up to epoch ${lastFinal}; charged ${tokensOf(totals.charged, decimals)}, paid ${tokensOf(totals.paid, decimals)}, ` +
      `claimed ${tokensOf(totals.claimed, decimals)}; results of ${delivered} tasks`,
    'contributor          tasks        bond        held      wallet',
    ...nodes.map(({ name, role, said }) => {
      const claimed = said?.claims.reduce((sum, { paid }) => sum + paid, 0n) ?? 0n
      const done = String(said?.tasks.done ?? 0).padStart(6)
      return `${`${name} (${role})`.padEnd(19)} ${done}  ${money(said?.standing?.bond ?? 0n)}  ${money(said?.standing?.held ?? 0n)}  ${money(claimed)}`
    }),
    'Ctrl-C stops everything.',
  ]
}
