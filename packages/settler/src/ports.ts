// What a settler works with, made by the main: concrete things of its own, or those of the verifier it runs beside.
import type { Log, Metrics } from '@piecework/api'
import type { Address, Chain, Signer, Time } from '@piecework/chain'
import type { CosignAnswer, CosignQuestion, Network, OffersAnswer, OffersQuestion } from '@piecework/network'

/** A verifier in the same process: nobody can dial itself. */
export interface BesideVerifier {
  readonly voteKey: Address
  offers(question: OffersQuestion): Promise<OffersAnswer>
  cosign(question: CosignQuestion): Promise<CosignAnswer>
}

export interface SettlerPorts {
  readonly chain: Chain
  readonly network: Network
  readonly time: Time
  readonly log: Log
  /** Pays, is named in proposals, and gets the fees of the claims that it carries. */
  readonly wallet: Signer
  readonly beside?: BesideVerifier
  readonly metrics?: Metrics
}
