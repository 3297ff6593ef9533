// Takes a network's epochs on, one step at a time, with verifiers that are in it together: they propose honest ledgers
// or lies, all vote for their own candidate, and now and then let a round fail.
import type { SeededRandom } from '@piecework/testkit'
import type { Actors } from './actors.ts'
import { type Books, booksOf, type Entries, NO_ENTRIES, proposalOf } from './books.ts'
import { failRound, finish, postInventories, proposeTo, seal, voteAll } from './epochs.ts'
import { grow } from './growth.ts'
import type { KnownJobs } from './jobs.ts'
import { LIES } from './lies.ts'
import type { ProgramNetwork } from './network.ts'
import type { Receipt } from './vm.ts'

/** Roots that the program keeps; claims under older ones are tried, too. */
const REMEMBERED = 20
const LYING = 0.25
const FAILED_ROUND = 0.05

export interface Final extends Books {
  readonly epoch: number
  readonly entries: Entries
}

interface Pending extends Books {
  readonly entries: Entries
}

export class Settling {
  /** Newest last. */
  readonly finals: Final[] = []
  /** The most that any final root said of an account. */
  readonly highest: Map<number, bigint> = new Map()
  /** How often the program took a proposal with this lie in it. */
  readonly lies: Map<string, number> = new Map()
  finalized = 0
  #pending: Pending | undefined
  readonly #network: ProgramNetwork
  readonly #jobs: KnownJobs
  readonly #actors: Actors
  readonly #random: SeededRandom

  constructor(
    network: ProgramNetwork,
    jobs: KnownJobs,
    { actors, random }: { actors: Actors; random: SeededRandom },
  ) {
    this.#network = network
    this.#jobs = jobs
    this.#actors = actors
    this.#random = random
  }

  /** What is proposed in the candidate, if these verifiers proposed it. */
  get pending(): Books | undefined {
    return this.#pending
  }

  step(): readonly Receipt[] {
    const { nextSeal, lastFinal } = this.#network.state()
    const epoch = this.#network.epoch(nextSeal)
    if (Number.isFinite(epoch.endsAt) && epoch.quorumSlot === 0)
      return postInventories(this.#network, nextSeal)
    if (lastFinal + 1 < nextSeal) return this.#settle(lastFinal + 1)
    return [seal(this.#network, nextSeal)]
  }

  #settle(number: number): readonly Receipt[] {
    const epoch = this.#network.epoch(number)
    if (epoch.votedSlot !== 0) return [this.#finish(number)]
    const ours = this.#pending?.accounts.root.root
    const candidate = epoch.candidate.accounts.root
    const proposed = epoch.candidate.attestation.some((byte) => byte !== 0)
    if (!proposed) return [this.#propose(number)]
    const strange = ours === undefined || Buffer.compare(ours, candidate) !== 0
    if (strange || this.#random.chance(FAILED_ROUND)) return [failRound(this.#network, number)]
    return voteAll(this.#network, number)
  }

  #propose(number: number): Receipt {
    const last = this.finals.at(-1)?.entries ?? NO_ENTRIES
    const around = {
      random: this.#random,
      actors: this.#actors,
      jobs: this.#jobs.byIndex,
      verifiers: this.#network.verifiers,
    }
    const grown = grow(last, around)
    const lies = Object.keys(LIES)
    const name = this.#random.chance(LYING) ? lies[this.#random.below(lies.length)] : undefined
    const lie = name === undefined ? undefined : LIES[name]
    const told = lie === undefined ? grown : lie(grown, this.#random, this.#actors)
    for (const entries of [told, grown, last]) {
      const receipt = this.#try(number, entries)
      if (receipt.refusal !== undefined) continue
      if (entries === told && name !== undefined) this.lies.set(name, (this.lies.get(name) ?? 0) + 1)
      return receipt
    }
    return this.#try(number, last)
  }

  #try(number: number, entries: Entries): Receipt {
    const books = booksOf(entries)
    const receipt = proposeTo(this.#network, number, proposalOf(books))
    if (receipt.refusal === undefined) this.#pending = { ...books, entries }
    return receipt
  }

  #finish(number: number): Receipt {
    const receipt = finish(this.#network, number)
    const pending = this.#pending
    if (receipt.refusal !== undefined || pending === undefined) return receipt
    this.finalized += 1
    this.finals.push({ ...pending, epoch: number })
    if (this.finals.length > REMEMBERED) this.finals.shift()
    for (const [index, { amount }] of pending.entries.accounts.entries()) {
      if (amount > (this.highest.get(index) ?? 0n)) this.highest.set(index, amount)
    }
    return receipt
  }
}
