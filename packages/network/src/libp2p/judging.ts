// Whose messages are looked at, how many at once, and what is held against who sent them.
import { type RuleId, TOPIC_RULES } from '../topics.ts'
import type { Bans } from './bans.ts'
import type { NetworkPorts } from './ports.ts'
import { type Rate, Rates } from './rates.ts'
import { Shares } from './shares.ts'
import { Turns } from './turns.ts'

/** Messages that wait for their judges, in bytes: two seconds of disk and signatures. */
const JUDGED_AT_ONCE = 67_108_864
/** What any of them costs beside its bytes. */
const MESSAGE_BYTES = 1024

/** Messages that nobody should have, of one peer: what a hub that lags behind brings, and no more than a core judges beside all else. */
const IN_VAIN: Rate = { burst: 1024, perSecond: 64 }
/** Of peers that are named: each passes on what half a network sends. */
const IN_VAIN_OF_FRIENDS: Rate = { burst: 16_384, perSecond: 1024 }
/** Not accepted, and not in vain all the same. */
const NOT_IN_VAIN: ReadonlySet<RuleId> = new Set(['busy', 'mostly-known'])

export interface JudgingParts {
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
  readonly bans: Bans
  /** Whether the chain or the operator names this peer. */
  readonly isFriend: (peer: string) => boolean
}

export class Judging {
  readonly #parts: JudgingParts
  readonly #waiting = new Shares(JUDGED_AT_ONCE)
  readonly #turns = new Turns()
  /** What peers brought in vain. */
  readonly #vain: Rates

  constructor(parts: JudgingParts) {
    this.#parts = parts
    const { ports, stopping, isFriend } = parts
    const rateOf = (peer: string): Rate => (isFriend(peer) ? IN_VAIN_OF_FRIENDS : IN_VAIN)
    this.#vain = new Rates({ time: ports.time, stopping, rateOf })
  }

  /** Of those beyond the bound the newest goes first, of them that of who has most there, and of who is named last. */
  async inTurn(from: string, length: number, look: () => Promise<RuleId>): Promise<RuleId> {
    const { bans, isFriend } = this.#parts
    if (bans.isBanned(from)) return 'busy'
    if (!this.#vain.has(from)) return this.#tooMuch()
    const taker = { peer: from, share: from, isFriend: isFriend(from) }
    const release = this.#waiting.take(taker, length + MESSAGE_BYTES)
    if (release === undefined) return this.#noRoom()
    await this.#turns.take(from)
    let rule: RuleId = 'busy'
    try {
      if (!bans.isBanned(from)) rule = await look()
      if (TOPIC_RULES[rule].verdict === 'reject') bans.note(from)
      if (TOPIC_RULES[rule].verdict !== 'accept' && !NOT_IN_VAIN.has(rule)) this.#vain.take(from)
      return rule
    } finally {
      this.#turns.give(from, TOPIC_RULES[rule].verdict === 'accept')
      release()
    }
  }

  #noRoom(): RuleId {
    this.#parts.ports.count?.('network_full_total', { side: 'heard', what: 'room' })
    return 'busy'
  }

  /** Of who brought too much in vain nothing is looked at for a while; it is held against nobody. */
  #tooMuch(): RuleId {
    this.#parts.ports.count?.('network_over_rate_total', { what: 'message' })
    return 'busy'
  }
}
