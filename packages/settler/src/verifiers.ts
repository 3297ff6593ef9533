// The verifiers as a settler needs them: what do you want on chain, and sign this.
import { type Address, bytesOf, type Signer, type Time } from '@piecework/chain'
import { type Network, type Offer, protocols } from '@piecework/network'
import { SettlerError } from './errors.ts'
import type { BesideVerifier, SettlerPorts } from './ports.ts'

export class Verifiers {
  readonly #network: Network
  readonly #time: Time
  readonly #beside: BesideVerifier | undefined
  readonly #settler: Uint8Array

  constructor({ network, time, wallet, beside }: SettlerPorts) {
    this.#network = network
    this.#time = time
    this.#beside = beside
    this.#settler = bytesOf(wallet.address)
  }

  async offers(voteKey: Address): Promise<readonly Offer[]> {
    const question = { settler: this.#settler }
    const answer =
      voteKey === this.#beside?.voteKey
        ? await this.#beside.offers(question)
        : await this.#network.ask(protocols.offers, question, bytesOf(voteKey))
    return answer.offers
  }

  /** Signs on the verifier's machine, or fails: a batch does not wait for one that is gone. */
  signer(voteKey: Address, milliseconds: number): Signer {
    const ask = (message: Uint8Array) =>
      voteKey === this.#beside?.voteKey
        ? this.#beside.cosign({ message })
        : this.#network.ask(protocols.cosign, { message }, bytesOf(voteKey))
    const sign = async (message: Uint8Array): Promise<Uint8Array> =>
      (await this.#within(milliseconds, ask(message))).signature
    return { address: voteKey, sign }
  }

  async #within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    const done = new AbortController()
    const late = this.#time.wait(milliseconds, done.signal).then((): never => {
      throw new SettlerError('verifier/late', `it did not answer within ${milliseconds} ms`)
    })
    // The one that loses the race fails for nobody.
    late.catch(() => {})
    work.catch(() => {})
    try {
      return await Promise.race([work, late])
    } finally {
      done.abort()
    }
  }
}
