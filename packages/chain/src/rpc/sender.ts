// Sends a transaction and finds out what became of it. It is only signed anew when no earlier one can land any more, so
// that nothing is done twice; and what became of it counts when as many endpoints say so as have to agree.
import { ChainError, unlessDefect } from '../errors.ts'
import { stoppedError } from '../limit.ts'
import type { Commitment, SendOutcome, SendRequest, Unsubscribe } from '../port.ts'
import type { Time } from '../ports.ts'
import { type Signed, signTransaction } from '../signing.ts'
import {
  getBlockHeight,
  getBlockhash,
  getStatus,
  isBlockhashValid,
  type SignatureStatus,
  sendTransaction,
} from './methods.ts'
import { closest, type Pool } from './pool.ts'
import { transactionError } from './transaction-error.ts'

/** A blockhash is good for that many blocks: the cluster's number. */
const BLOCKHASH_BLOCKS = 150
/** Endpoints whose newest blocks are further apart than this are not of one cluster. */
const SPREAD_BLOCKS = 64
/** Asked that often what became of it, when nothing tells. */
const POLL_MS = 800
/** Sent again that often: packets get lost, and leaders are busy. */
const RESEND_MS = 2_000
/** Blockhashes tried: when three have passed without it landing, the cluster has other troubles. */
const ATTEMPTS = 3
/** A rollback, or an endpoint that is behind, may take the newest blockhash away; not three times. */
const BLOCKHASH_LOOKS = 3
/** Within one look: the next is soon. */
const STATUS_ROUNDS = 2

export interface SenderOptions {
  readonly pool: Pool
  readonly time: Time
  readonly stopped: AbortSignal
  /** How many endpoints have to say the same. */
  readonly agree: number
  /** All tries together take no longer. */
  readonly sendMs: number
  /** No block is made in less time; 0: a test makes them by hand. */
  readonly fastestSlotMs: number
  /** The largest slot that can have been reached. */
  readonly maxSlot: () => number
  /** Calls back when an endpoint tells that a signature is in a confirmed slot: a hint to ask, and no more. */
  readonly hint: (signature: string, commitment: Commitment, listener: () => void) => Unsubscribe
}

interface Sent extends Signed {
  readonly commitment: Commitment
  readonly sentAt: number
  /** With a block above this final, it can't land any more. */
  readonly lastHeight: number
}

export class Sender {
  readonly #options: SenderOptions

  constructor(options: SenderOptions) {
    this.#options = options
  }

  async send(request: SendRequest): Promise<SendOutcome> {
    const until = this.#options.time.now() + this.#options.sendMs
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const outcome = await this.#attempt(request, until)
      if (outcome !== 'expired') return outcome
    }
    return { kind: 'expired', attempts: ATTEMPTS }
  }

  async #attempt(request: SendRequest, until: number): Promise<SendOutcome | 'expired'> {
    const { time, stopped } = this.#options
    const blockhash = await this.#blockhash()
    const lastHeight = (await this.#height('confirmed')) + SPREAD_BLOCKS + BLOCKHASH_BLOCKS
    const signed = await signTransaction(request, blockhash, { time, stopped })
    const refused = await this.#submit(signed)
    if (refused !== undefined) return { kind: 'refused', error: refused }
    const { commitment = 'confirmed' } = request
    return this.#follow({ ...signed, commitment, sentAt: time.now(), lastHeight }, until)
  }

  /** One that all who have to agree know: with any other, a transaction would only be waited for in vain. */
  async #blockhash(): Promise<string> {
    const { pool, agree, time, stopped } = this.#options
    const what = 'the latest blockhash'
    for (let look = 0; look < BLOCKHASH_LOOKS; look++) {
      if (look > 0) await time.wait(POLL_MS, stopped)
      const latest = await pool.ask({ what, need: agree, ask: getBlockhash, decide: (answers) => answers })
      for (const blockhash of latest) if (agree === 1 || (await this.#isKnown(blockhash))) return blockhash
    }
    const message = `No ${agree} endpoints know the same blockhash. Add another endpoint.`
    throw new ChainError('rpc/disagree', message)
  }

  async #isKnown(blockhash: string): Promise<boolean> {
    const { pool, agree } = this.#options
    const known = pool.ask({
      what: 'the latest blockhash',
      need: agree,
      ask: (endpoint) => isBlockhashValid(endpoint, blockhash),
      decide: (answers) =>
        [true, false].find((said) => answers.filter((one) => one === said).length >= agree),
    })
    return (await known.catch(unlessDefect)) === true
  }

  /** Undefined: at least one endpoint passed it on, or may have. */
  async #submit({ wire }: Signed): Promise<ChainError | undefined> {
    const { pool, agree } = this.#options
    const submitted = await pool
      .ask({
        what: 'a transaction',
        need: agree,
        rounds: 1,
        ask: (endpoint) => sendTransaction(endpoint, { wire, preflight: true }),
        // One that accepts outweighs all that refuse: it may land.
        decide: (answers) => answers.find(({ kind }) => kind === 'accepted') ?? answers[0],
      })
      .catch(unlessDefect)
    return submitted?.kind === 'refused' ? submitted.error : undefined
  }

  async #follow(sent: Sent, until: number): Promise<SendOutcome | 'expired'> {
    const { time, hint, stopped } = this.#options
    let error = new ChainError(
      'rpc/timeout',
      'Nothing was heard of the transaction in the time that it was given',
    )
    let resendAt = time.now() + RESEND_MS
    const bell = new Bell(time, stopped)
    const unsubscribe = hint(sent.signature, sent.commitment, () => bell.ring())
    try {
      while (time.now() < until) {
        try {
          const outcome = (await this.#landed(sent)) ?? (await this.#expired(sent))
          if (outcome !== undefined) return outcome
        } catch (failed) {
          if (!(failed instanceof ChainError)) throw failed
          error = failed
        }
        if (stopped.aborted) break
        if (time.now() >= resendAt) {
          await this.#resend(sent)
          resendAt = time.now() + RESEND_MS
        }
        await bell.wait(Math.min(POLL_MS, Math.max(0, until - time.now())))
      }
    } finally {
      unsubscribe()
    }
    return { kind: 'unknown', signature: sent.signature, error: stopped.aborted ? stoppedError() : error }
  }

  async #landed({ signature, commitment }: Sent): Promise<SendOutcome | undefined> {
    const status = await this.#status(signature, (found) => {
      if (found === undefined || !reaches(found.commitment, commitment)) return 'not yet'
      return `${found.slot} ${JSON.stringify(found.err)}`
    })
    if (status === undefined || !reaches(status.commitment, commitment)) return undefined
    const { slot, err } = status
    if (err === null) return { kind: 'landed', signature, slot }
    return { kind: 'refused', error: transactionError({ err, logs: [] }), slot }
  }

  /** Passed for good: a final block is past its last, and it is in none. */
  async #expired({ signature, sentAt, lastHeight }: Sent): Promise<'expired' | undefined> {
    const { time, fastestSlotMs } = this.#options
    if (time.now() - sentAt < BLOCKHASH_BLOCKS * fastestSlotMs) return undefined
    if ((await this.#height('finalized')) <= lastHeight) return undefined
    const status = await this.#status(signature, (found) => (found === undefined ? 'none' : 'some'))
    return status === undefined ? 'expired' : undefined
  }

  /** What endpoints that have to agree say alike, in the words of `saying`. */
  async #status(
    signature: string,
    saying: (status: SignatureStatus | undefined) => string,
  ): Promise<SignatureStatus | undefined> {
    const { pool, agree, maxSlot } = this.#options
    const { status } = await pool.ask({
      what: `the transaction ${signature}`,
      need: agree,
      rounds: STATUS_ROUNDS,
      ask: async (endpoint) => ({ status: await getStatus(endpoint, signature, maxSlot()) }),
      decide: (answers) => {
        const said = answers.map(({ status: one }) => saying(one))
        const common = said.findIndex((one) => said.filter((other) => other === one).length >= agree)
        return answers[common]
      },
    })
    return status
  }

  /** The lowest that those who have to agree have reached. */
  async #height(commitment: Commitment): Promise<number> {
    const { pool, agree } = this.#options
    const { slot: height } = await pool.ask({
      what: 'the block height',
      need: agree,
      ask: (endpoint) => getBlockHeight(endpoint, commitment),
      decide: closest(agree, SPREAD_BLOCKS),
    })
    return height
  }

  /** Lost packets are nobody's error: the next try is soon. */
  async #resend({ wire }: Signed): Promise<void> {
    const submission = { wire, preflight: false }
    const passedOn = this.#options.pool.ask({
      what: 'a transaction',
      need: this.#options.agree,
      rounds: 1,
      ask: (endpoint) => sendTransaction(endpoint, submission),
      decide: ([answer]) => answer,
    })
    await passedOn.catch(unlessDefect)
  }
}

function reaches(found: 'processed' | Commitment, wanted: Commitment): boolean {
  return found === 'finalized' || found === wanted
}

/** A wait that a hint ends early. */
class Bell {
  readonly #time: Time
  readonly #stopped: AbortSignal
  #rung = new AbortController()

  constructor(time: Time, stopped: AbortSignal) {
    this.#time = time
    this.#stopped = stopped
  }

  ring(): void {
    this.#rung.abort()
  }

  async wait(milliseconds: number): Promise<void> {
    await this.#time.wait(milliseconds, AbortSignal.any([this.#rung.signal, this.#stopped]))
    this.#rung = new AbortController()
  }
}
