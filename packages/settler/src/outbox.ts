// Everything a settler sends but claims goes through here: never twice at once, in turn with others, and counted.

import type { Log } from '@piecework/api'
import {
  type Address,
  type Chain,
  ChainError,
  computeBudget,
  type ProgramErrorName,
  type SendOutcome,
  type Signer,
  type TransactionInstruction,
} from '@piecework/chain'
import type { Deed, Tally } from './tally.ts'
import type { Turns } from './turns.ts'

/** Transactions under way: several times what an epoch of 64 verifiers needs at once. */
const MAX_UNDER_WAY = 256
/** What did not land for so long is tried again beside it: its packets may be lost. */
const STALE_SLOTS = 8
/** Seals are the dearest: 60,000 units. */
const UNITS = 200_000

/** Refusals that say: another settler was first. NotSealed too: what was decided by a sealed epoch is behind it. */
const ALREADY: ReadonlySet<ProgramErrorName> = new Set([
  'AlreadyExists',
  'AlreadyPosted',
  'AlreadyProposed',
  'AlreadyVoted',
  'EpochFinal',
  'JobOpen',
  'NotSealed',
  'QuorumReached',
  'TooManyHolders',
  'WrongEpoch',
  'WrongRound',
])

/** Refusals that say: the next slot will do. */
const EARLY: ReadonlySet<ProgramErrorName> = new Set([
  'DisputeNotOver',
  'PostTooEarly',
  'ProposeTooEarly',
  'RoundNotOver',
  'SealTooEarly',
])

/** Each verifier's of each epoch: too many for who reads along. */
const MANY: ReadonlySet<Deed> = new Set(['inventories', 'commits', 'holdings', 'votes'])

export interface Step {
  readonly what: Deed
  /** What it does, one name each: none of them is sent again while this is under way. */
  readonly keys: readonly string[]
  /** The slot of the state that it was decided by. */
  readonly slot: number
  readonly instructions: readonly TransactionInstruction[]
  readonly signers?: readonly Signer[]
}

export type Sent =
  | { readonly result: 'landed' | 'already' | 'early' | 'failed' }
  /** One of the signers did not sign: nothing was sent. */
  | { readonly result: 'unsigned'; readonly signer: Address }

interface UnderWay {
  readonly slot: number
  /** The state shows it from this slot on. */
  landed: number | undefined
}

export interface OutboxOptions {
  readonly chain: Chain
  readonly wallet: Signer
  readonly log: Log
  readonly tally: Tally
  readonly turns: Turns
  readonly priority: bigint
  readonly stopped: AbortSignal
}

export class Outbox {
  readonly #options: OutboxOptions
  readonly #underWay = new Map<string, UnderWay>()
  readonly #sending = new Set<Promise<Sent>>()
  /** The last complaint of each sort: the same one may come with every slot. */
  readonly #warned = new Map<Deed, string>()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Whether it is under way, or has landed and the state of this slot does not show it yet. */
  isUnderWay(key: string, slot: number): boolean {
    const found = this.#underWay.get(key)
    if (found === undefined) return false
    if (found.landed === undefined) return slot < found.slot + STALE_SLOTS
    return slot < found.landed
  }

  send(step: Step): Promise<Sent> {
    if (this.#sending.size >= MAX_UNDER_WAY) {
      this.#options.tally.refused('too-many-under-way')
      return Promise.resolve({ result: 'failed' })
    }
    const entry: UnderWay = { slot: step.slot, landed: undefined }
    for (const key of step.keys) this.#underWay.set(key, entry)
    const sending = this.#send(step, entry).finally(() => {
      this.#sending.delete(sending)
      for (const key of step.keys) {
        const mine = this.#underWay.get(key) === entry
        if (mine && entry.landed === undefined) this.#underWay.delete(key)
      }
    })
    this.#sending.add(sending)
    return sending
  }

  /** Lets go of what the state shows by now. */
  forget(slot: number): void {
    for (const [key, { landed }] of this.#underWay)
      if (landed !== undefined && landed <= slot) this.#underWay.delete(key)
  }

  /** Ends when everything that is under way has. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#sending])
  }

  async #send(step: Step, entry: UnderWay): Promise<Sent> {
    const { chain, wallet, turns, stopped } = this.#options
    await turns.wait(step.slot, stopped)
    if (stopped.aborted) return { result: 'failed' }
    try {
      const outcome = await chain.send({
        instructions: [...this.#budget(), ...step.instructions],
        payer: wallet,
        signers: step.signers ?? [],
      })
      if (outcome.kind === 'landed') entry.landed = outcome.slot
      return this.#judge(step, outcome)
    } catch (error) {
      return this.#failed(step, error)
    }
  }

  #budget(): readonly TransactionInstruction[] {
    const { priority } = this.#options
    return priority === 0n ? [] : computeBudget({ units: UNITS, microLamportsPerUnit: priority })
  }

  #judge(step: Step, outcome: SendOutcome): Sent {
    const { tally, log, turns } = this.#options
    const { what, keys } = step
    if (outcome.kind === 'landed') {
      tally.add(what, keys.length)
      this.#warned.delete(what)
      const { slot, signature } = outcome
      log[MANY.has(what) ? 'debug' : 'info']('landed', { what, keys, slot, signature })
      return { result: 'landed' }
    }
    if (outcome.kind === 'expired') {
      tally.refused('expired')
      return this.#complain(what, keys, 'It expired: the chain takes no transactions.')
    }
    const { error } = outcome
    const reason = error.context.program
    tally.refused(reason ?? error.code)
    if (reason !== undefined && ALREADY.has(reason)) {
      tally.already++
      turns.sawOthers(step.slot)
      log.debug('done-already', { what, keys, reason })
      return { result: 'already' }
    }
    if (reason !== undefined && EARLY.has(reason)) return { result: 'early' }
    return this.#complain(what, keys, error.message)
  }

  #complain(what: Deed, keys: readonly string[], message: string): Sent {
    const level = this.#warned.get(what) === message ? 'debug' : 'warn'
    this.#options.log[level]('send-failed', { what, keys, message })
    this.#warned.set(what, message)
    return { result: 'failed' }
  }

  #failed({ what, keys }: Step, error: unknown): Sent {
    const { tally, log } = this.#options
    if (!(error instanceof ChainError)) {
      // A defect of ours: it must not end the daemon, and must not stay unseen.
      tally.refused('defect')
      log.error('send-defect', { what, keys, error })
      return { result: 'failed' }
    }
    tally.refused(error.code)
    const { signer } = error.context
    if (isUnsigned(error) && typeof signer === 'string') {
      log.info('not-signed', { what, keys, signer, message: error.message })
      // The chain's client names it as it was given.
      return { result: 'unsigned', signer: signer as Address }
    }
    return this.#complain(what, keys, error.message)
  }
}

function isUnsigned({ code }: ChainError): boolean {
  return code === 'signer/refused' || code === 'signer/wrong-signature'
}
