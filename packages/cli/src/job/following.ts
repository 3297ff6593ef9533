// Following: adds what comes in of a job's results as epochs settle, until nothing more can come.
import type { Gathered } from './results.ts'

export interface FollowingPorts {
  /** The newest final epoch on chain; -1: none. */
  readonly lastFinal: () => Promise<number>
  /** Up to which epoch the newest ledger charges the job, and whether that was all of it; undefined while it has none. */
  readonly charged: () => Promise<{ readonly epoch: number; readonly done: boolean } | undefined>
  /** All that is there, once more is settled than this epoch. */
  readonly gather: (beyond: number) => Promise<Gathered>
  /** Rows that were written before may come again. */
  readonly write: (found: Gathered, isAll: boolean) => Promise<void>
}

export class Following {
  readonly #ports: FollowingPorts
  #newest: Gathered = { settled: -1, rows: [] }
  /** Of this epoch both results and ledger were seen. */
  #through = -1

  constructor(ports: FollowingPorts) {
    this.#ports = ports
  }

  /** Whether all that there will be is written. */
  async look(): Promise<boolean> {
    const { lastFinal, charged, gather, write } = this.#ports
    // Verifiers are asked about each epoch of the job: not again before there is another.
    if ((await lastFinal()) <= this.#through) return false
    const ledger = await charged()
    const found = await gather(this.#newest.settled)
    if (found.settled > this.#newest.settled) this.#newest = found
    const { settled } = this.#newest
    // A verifier settles what is confirmed, and serves the ledger of what is finalized: either may be behind.
    const isAll = ledger?.done === true && settled >= ledger.epoch
    await write(isAll ? this.#newest : found, isAll)
    this.#through = Math.min(settled, ledger?.epoch ?? settled)
    return isAll
  }
}
