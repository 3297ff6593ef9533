// What is left to pay with. Without SOL a settler is of no use to anybody: it says so while there is still some.
import type { Log, Metrics } from '@piecework/api'
import type { Address, Chain } from '@piecework/chain'

/** Read that often: it changes by a few thousand lamports at a time. */
const READ_SLOTS = 10
/** The cluster's fee for a signature. With less than two of them nothing can be sent. */
const LAMPORTS_PER_SIGNATURE = 5_000n
const LAMPORTS_PER_SOL = 1e9

export interface PurseOptions {
  readonly chain: Chain
  readonly wallet: Address
  readonly log: Log
  /** In lamports: below it, it warns. */
  readonly low: bigint
  readonly metrics: Metrics | undefined
}

export class Purse {
  readonly #options: PurseOptions
  #lamports: bigint | undefined
  #readAt = -Infinity
  #warned = false
  readonly #show: ((lamports: number) => void) | undefined

  constructor(options: PurseOptions) {
    this.#options = options
    this.#show = options.metrics?.gauge('settler_balance_lamports', 'What its wallet has left.')
  }

  /** Undefined before the first reading. */
  get lamports(): bigint | undefined {
    return this.#lamports
  }

  /** What to do about it, if there is something to do. */
  get warning(): string | undefined {
    const { wallet, low } = this.#options
    if (this.#lamports === undefined || this.#lamports >= low) return undefined
    const sol = (lamports: bigint): string => `${Number(lamports) / LAMPORTS_PER_SOL} SOL`
    const effect = this.isEmpty ? 'it can send nothing any more' : 'soon it can send nothing any more'
    return `The settler's wallet ${wallet} has ${sol(this.#lamports)} left, less than ${sol(low)}: ${effect}. Send SOL to it.`
  }

  get isEmpty(): boolean {
    return this.#lamports !== undefined && this.#lamports < 2n * LAMPORTS_PER_SIGNATURE
  }

  async step(slot: number): Promise<void> {
    // One that is empty waits for money: it looks every time.
    if (slot < this.#readAt + READ_SLOTS && !this.isEmpty) return
    this.#readAt = slot
    const { chain, wallet, log } = this.#options
    const { value } = await chain.accounts([wallet])
    this.#lamports = value[0]?.lamports ?? 0n
    this.#show?.(Number(this.#lamports))
    const { warning } = this
    if (warning !== undefined && !this.#warned) log.warn('balance-low', { wallet, message: warning })
    this.#warned = warning !== undefined
  }
}
