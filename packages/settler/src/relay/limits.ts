// How much a settler carries: so many claims a wallet, so many in all, and so many new token accounts, whose rent is by
// far the dearest of it.
import type { Time } from '@piecework/chain'
import { SettlerError } from '../errors.ts'

export interface RelayLimits {
  readonly perWallet: number
  readonly total: number
  readonly newAccounts: number
  /** What they are counted over. */
  readonly minutes: number
}

interface Carried {
  readonly wallet: string
  readonly at: number
  newAccount: boolean
}

const MS_PER_MINUTE = 60_000

export class Limits {
  readonly #limits: RelayLimits
  readonly #time: Time
  /** Oldest first; never more than `total`. */
  #carried: Carried[] = []

  constructor(limits: RelayLimits, time: Time) {
    this.#limits = limits
    this.#time = time
  }

  /** Counts it, or throws. What comes of it counts too: a refusal by the chain may have cost a fee. */
  take(wallet: string, newAccount: boolean): void {
    const { perWallet, total, newAccounts, minutes } = this.#limits
    const now = this.#time.now()
    this.#carried = this.#carried.filter(({ at }) => at > now - minutes * MS_PER_MINUTE)
    const later = `Ask again in up to ${minutes} minutes, or ask another settler.`
    if (this.#carried.length >= total) {
      throw new SettlerError(
        'relay/total-limit',
        `This settler carries ${total} claims in ${minutes} minutes. ${later}`,
      )
    }
    if (this.#carried.filter((one) => one.wallet === wallet).length >= perWallet) {
      const message = `This settler carries ${perWallet} claims of one wallet in ${minutes} minutes. ${later}`
      throw new SettlerError('relay/wallet-limit', message)
    }
    if (newAccount && this.#carried.filter((one) => one.newAccount).length >= newAccounts) {
      const message = `This settler makes ${newAccounts} token accounts in ${minutes} minutes. ${later} A wallet that has one is not held up.`
      throw new SettlerError('relay/total-limit', message)
    }
    this.#carried.push({ wallet, at: now, newAccount })
  }
}
