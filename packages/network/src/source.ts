// One peer while pieces of something long are fetched from it.
import type { NetworkError, NetworkErrorCode } from './errors.ts'

/** Pieces that fail, after one came, and are asked for again: two at once, twice. */
const BREAKS = 4

/** What passes: a way that broke is dialled again, and who is busy or slow has already shown that it has the thing. */
const PASSING: ReadonlySet<NetworkErrorCode> = new Set([
  'network/unreachable',
  'network/busy',
  'network/timeout',
])

/** Why a peer is asked for no more pieces: it has nothing, says another length, can't be asked, or sends what can't be true. */
export type Left = 'lacks' | 'other-length' | 'fails' | 'false'

export class Source {
  readonly peer: Uint8Array
  /** Pieces that it is asked for now. */
  lanes = 0
  /** Pieces that came from it. */
  gave = 0
  #breaks = 0
  #left: Left | undefined

  constructor(peer: Uint8Array) {
    this.peer = peer
  }

  get left(): Left | undefined {
    return this.#left
  }

  leave(why: Left): void {
    this.#left ??= why
  }

  fail({ code }: NetworkError): void {
    this.#breaks++
    if (code === 'network/malformed' || code === 'network/too-long') this.leave('false')
    else if (!PASSING.has(code) || this.gave === 0 || this.#breaks > BREAKS) this.leave('fails')
  }
}
