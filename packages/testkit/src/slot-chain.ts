// The chain's side of epochs in time: a slot after another, with verifiers that are there or not. Nothing is counted
// but who posted, who reported and who voted; the rules of phases are those of the protocol's clock.
import {
  type EpochTimes,
  type Params,
  type Phase,
  phaseAt,
  sealTarget,
  startAfterNext,
} from '@piecework/protocol'

export interface SlotChainOptions {
  readonly params: Params
  /** By verifier. */
  readonly stakes: readonly bigint[]
  readonly isOnline: (verifier: number, slot: number) => boolean
}

export interface SlotEpoch {
  readonly epoch: number
  readonly times: EpochTimes
  readonly posted: ReadonlySet<number>
  readonly reported: ReadonlySet<number>
}

class PlayedEpoch implements SlotEpoch {
  readonly epoch: number
  times: EpochTimes
  quorumSlot: number | undefined
  readonly posted = new Set<number>()
  readonly reported = new Set<number>()

  constructor(epoch: number, start: number, end: number | undefined) {
    this.epoch = epoch
    const nothing = { target: undefined, sealedSlot: undefined, round: undefined }
    this.times = { start, end, ...nothing, votedSlot: undefined, finalSlot: undefined }
  }

  set(change: Partial<EpochTimes>): void {
    this.times = { ...this.times, ...change }
  }
}

export class SlotChain {
  readonly #options: SlotChainOptions
  readonly #epochs: PlayedEpoch[]
  #slot = 0

  /** Epoch 0 begins with slot 0. */
  constructor(options: SlotChainOptions) {
    this.#options = options
    const { epochSlots } = options.params
    this.#epochs = [new PlayedEpoch(0, 0, epochSlots), new PlayedEpoch(1, epochSlots, undefined)]
  }

  get slot(): number {
    return this.#slot
  }

  /** All that have a start, the last of which nobody may have worked in yet. */
  get epochs(): readonly SlotEpoch[] {
    return this.#epochs
  }

  /** The last epoch that is final, -1 for none. */
  get final(): number {
    return this.#epochs.findLastIndex(({ times }) => times.finalSlot !== undefined)
  }

  /** The epoch whose work this slot belongs to. */
  get working(): number {
    return this.#epochs.findLastIndex(({ times }) => times.start <= this.#slot)
  }

  /** What everybody does in this slot, and on to the next one. */
  tick(): void {
    const all = [...this.#options.stakes.keys()]
    const present = new Set(all.filter((id) => this.#options.isOnline(id, this.#slot)))
    for (const epoch of [...this.#epochs]) this.#act(epoch, present)
    this.#slot += 1
  }

  #act(epoch: PlayedEpoch, present: ReadonlySet<number>): void {
    const phase = phaseAt(this.#slot, epoch.times, this.#options.params)
    switch (phase.name) {
      case 'inventory':
        this.#post(epoch, present)
        break
      case 'seal':
        if (present.size > 0) this.#seal(epoch)
        break
      case 'commit':
        for (const id of present) epoch.reported.add(id)
        break
      case 'round':
        this.#vote(epoch, phase, present)
        break
      case 'dispute':
        if (phase.until === undefined) epoch.set({ finalSlot: this.#slot })
        break
    }
  }

  #post(epoch: PlayedEpoch, present: ReadonlySet<number>): void {
    const { end } = epoch.times
    if (end === undefined) return
    for (const id of present) epoch.posted.add(id)
    if (this.#isQuorum(epoch.posted)) epoch.quorumSlot ??= this.#slot
    const { quorumSlot } = epoch
    // `start` counts as final for the first epoch.
    const previousFinalSlot = epoch.epoch === 0 ? 0 : this.#epochs[epoch.epoch - 1]?.times.finalSlot
    epoch.set({ target: sealTarget({ end, quorumSlot, previousFinalSlot }, this.#options.params) })
  }

  #seal(epoch: PlayedEpoch): void {
    const next = this.#epochs[epoch.epoch + 1]
    if (next === undefined) throw new RangeError(`epoch ${epoch.epoch} has no next one`)
    const end = startAfterNext(next.times.start, this.#slot, this.#options.params)
    epoch.set({ sealedSlot: this.#slot })
    next.set({ end })
    this.#epochs.push(new PlayedEpoch(next.epoch + 1, end, undefined))
  }

  /** A round whose slots are over is followed by the next one, as soon as anybody asks for it. */
  #vote(epoch: PlayedEpoch, phase: Phase, present: ReadonlySet<number>): void {
    if (this.#isQuorum(present)) epoch.set({ votedSlot: this.#slot })
    else if (phase.until === undefined && present.size > 0)
      epoch.set({ round: { number: (phase.round ?? 0) + 1, start: this.#slot } })
  }

  /** More than two thirds of all stake. */
  #isQuorum(verifiers: ReadonlySet<number>): boolean {
    const { stakes } = this.#options
    const sum = (ids: Iterable<number>): bigint => {
      let total = 0n
      for (const id of ids) total += stakes[id] ?? 0n
      return total
    }
    return 3n * sum(verifiers) > 2n * sum(stakes.keys())
  }
}
