// Claim: asks for the wallet's leaf, believes it only under the chain's own final root, and has the claim carried by
// whoever answers; a node needs no SOL, and not the wallet's secret.
import { type Log, type Rested, sentenceOf } from '@piecework/api'
import type { Chain } from '@piecework/chain'
import { type LedgerAnswer, type Network, protocols, type RelayAnswer } from '@piecework/network'
import type { Settings } from '@piecework/store'
import { type ClaimEntry, claimHistory, MAX_ENTRIES } from './common/claim-history.ts'
import { claimedBy, finalRoots, type Owed, provenLeaves } from './common/leaf.ts'
import { type Moment, slotsBetween } from './common/moment.ts'
import type { Verifiers } from './common/verifiers.ts'
import { NodeError } from './errors.ts'

/** One may be behind, or leave a leaf out. */
const ASKED = 2
/** As long as a blockhash lives: what is not on chain by then never will be. */
const CARRY_SLOTS = 150
/** Four times the usual pause: every half minute of the public preset. */
const MAX_DOUBLINGS = 2

export interface ClaimPorts {
  readonly wallet: Uint8Array
  readonly chain: Chain
  readonly network: Network
  readonly verifiers: Verifiers
  readonly settings: Settings
  /** Nothing is claimed while less than this can be. */
  readonly threshold: bigint
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  /** A claim under the root of this epoch is on chain. */
  readonly landed: (epoch: number, at: number) => void
}

export interface Earnings {
  /** Ever released to the account, by the newest final ledger that was read. */
  readonly earned: bigint
  readonly claimed: bigint
  readonly account: number | undefined
  readonly epoch: number | undefined
}

/** A claim that somebody carries, until it is seen on chain. */
interface Carried {
  readonly owed: Owed
  readonly answer: RelayAnswer
  readonly untilSlot: number
}

export class Claim {
  readonly #ports: ClaimPorts
  #earnings: Earnings = { earned: 0n, claimed: 0n, account: undefined, epoch: undefined }
  #history: readonly ClaimEntry[] | undefined
  #carried: Carried | undefined
  #askedAt = -Infinity
  #failures = 0

  constructor(ports: ClaimPorts) {
    this.#ports = ports
  }

  get earnings(): Earnings {
    return this.#earnings
  }

  /** Oldest first. */
  get history(): readonly ClaimEntry[] {
    return this.#history ?? []
  }

  async see(moment: Moment): Promise<Rested> {
    this.#history ??= (await this.#ports.settings.get(claimHistory)) ?? []
    if (this.#carried !== undefined) await this.#lookFor(this.#carried, moment)
    const { earned, claimed, epoch = -1 } = this.#earnings
    const isNews = moment.state.network.lastFinal > epoch
    const isWaiting = earned > claimed && earned - claimed >= this.#ports.threshold
    if (this.#carried !== undefined || !(isNews || isWaiting)) return undefined
    // The longer nobody carries it, the less often it is asked for.
    const pause = slotsBetween(moment) * 2 ** Math.min(this.#failures, MAX_DOUBLINGS)
    if (moment.slot < this.#askedAt + pause) return 'rested'
    this.#askedAt = moment.slot
    this.#failures += 1
    await this.#claim(moment)
    this.#failures = 0
    return undefined
  }

  async #claim(moment: Moment): Promise<void> {
    const owed = await this.#owed()
    if (owed === undefined) return
    const { index, amount, minAmount } = owed.leaf
    const claimed = await claimedBy(this.#ports.chain, index)
    this.#believe(owed, claimed)
    const due = amount - claimed
    if (due <= 0n || due < minAmount || due < this.#ports.threshold) return
    const answer = await this.#carry(owed)
    this.#carried = { owed, answer, untilSlot: moment.slot + CARRY_SLOTS }
    await this.#lookFor(this.#carried, moment)
  }

  /** The wallet's leaf as the newest root that verifiers prove it under; undefined while there is none. */
  async #owed(): Promise<Owed | undefined> {
    const { chain, verifiers, wallet } = this.#ports
    const roots = await finalRoots(chain)
    const newest = roots.at(-1)
    if (newest === undefined) return undefined
    const proven = (answer: LedgerAnswer): readonly Owed[] => provenLeaves(answer, wallet, roots)
    const heard = await verifiers.ask(
      protocols.ledger,
      { ledger: 'accounts', owner: wallet, index: undefined },
      { answers: ASKED, accept: (answer) => answer.leaves.length === 0 || proven(answer).length > 0 },
    )
    const owed = heard.flatMap(({ answer }) => proven(answer))
    if (owed.length === 0) this.#earnings = { ...this.#earnings, epoch: newest.epoch }
    return owed.sort((a, b) => a.epoch - b.epoch).at(-1)
  }

  /** Whoever claimed it: another node of the same wallet may have been first. */
  #believe({ epoch, leaf }: Owed, claimed: bigint): void {
    const before = this.#earnings
    this.#earnings = { earned: leaf.amount, claimed, account: leaf.index, epoch }
    const isAnothers = before.account !== undefined && claimed > before.claimed && claimed >= leaf.amount
    if (isAnothers) this.#ports.landed(epoch, this.#ports.now())
  }

  /** Asks those who carry claims, one after the other. */
  async #carry({ epoch, leaf }: Owed): Promise<RelayAnswer> {
    const { network, wallet, random } = this.#ports
    const carriers = network.peers().filter(({ answers }) => answers.includes(protocols.relay.name))
    const inTurn = carriers.map(({ key }) => ({ key, place: random() })).sort((a, b) => a.place - b.place)
    let why = 'no peer that is connected carries claims'
    for (const { key } of inTurn) {
      try {
        return await network.ask(protocols.relay, { epoch, wallet, leaf }, key)
      } catch (error) {
        why = sentenceOf(error)
      }
    }
    throw new NodeError('claim/refused', `The claim is not carried yet (${why}): others are asked again.`, {
      epoch,
      carriers: inTurn.length,
    })
  }

  /** It counts when the chain says so, whatever its carrier said. */
  async #lookFor({ owed, answer, untilSlot }: Carried, moment: Moment): Promise<void> {
    const { chain, now, log, landed } = this.#ports
    const { epoch, leaf } = owed
    const claimed = await claimedBy(chain, leaf.index)
    if (claimed < leaf.amount) {
      if (moment.slot < untilSlot) return
      this.#carried = undefined
      log.warn('claim-did-not-land', { epoch, signature: answer.signature })
      return
    }
    this.#carried = undefined
    this.#earnings = { ...this.#earnings, claimed }
    landed(epoch, now())
    await this.#remember({
      at: now(),
      epoch,
      account: leaf.index,
      paid: String(answer.paid),
      fee: String(answer.fee),
      signature: answer.signature,
    })
  }

  async #remember(entry: ClaimEntry): Promise<void> {
    this.#ports.log.info('claimed', { ...entry })
    const history = [...this.history, entry].slice(-MAX_ENTRIES)
    await this.#ports.settings.set(claimHistory, history)
    this.#history = history
  }
}
