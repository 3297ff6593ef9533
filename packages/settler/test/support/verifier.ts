// A verifier as a settler sees it: it says what it wants on chain, and signs what it is asked to.
import {
  type Address,
  bytesOf,
  type Chain,
  type Epoch,
  readNetwork,
  type Signer,
  seatsOf,
} from '@piecework/chain'
import {
  type CosignQuestion,
  type Network,
  type Offer,
  type OffersQuestion,
  protocols,
} from '@piecework/network'
import { attestationCodec, drawProposer, equalBytes, ZERO_HASH } from '@piecework/protocol'
import { type Ledgers, posted, proposal } from '@piecework/testkit/settlement'

/** deaf: says nothing. lazy: wants something, and does not sign it. */
export type Manner = 'willing' | 'deaf' | 'lazy' | 'forging'

export interface VerifierOptions {
  readonly chain: Chain
  readonly network: Network
  readonly id: number
  readonly voteKey: Signer
  /** What it finds everybody is owed after an epoch. */
  readonly ledgers: (epoch: number) => Ledgers
}

export class ScriptedVerifier {
  manner: Manner = 'willing'
  proposes = true
  /** So many slots into a round it has a proposal; after as many more with a candidate, a vote. */
  proposesAfter = 0
  votesAfter = 0
  #candidate = { attestation: ZERO_HASH, slot: 0 }
  /** Jobs that it holds. */
  readonly holds: Address[] = []
  /** Who asked it, as its proposals would name it. */
  readonly settlers: Set<string> = new Set()
  asked = 0
  readonly #options: VerifierOptions

  constructor(options: VerifierOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { network } = this.#options
    network.answer(protocols.offers, (question) => this.offers(question))
    network.answer(protocols.cosign, (question) => this.cosign(question))
    await network.start()
  }

  async offers({ settler }: OffersQuestion): Promise<{ verifierId: number; offers: readonly Offer[] }> {
    const { id } = this.#options
    this.asked++
    this.settlers.add(Buffer.from(settler).toString('hex'))
    if (this.manner === 'deaf') return new Promise(() => {})
    return { verifierId: id, offers: await this.#offers() }
  }

  async cosign({ message }: CosignQuestion): Promise<{ signature: Uint8Array }> {
    if (this.manner === 'lazy') return new Promise(() => {})
    const { voteKey } = this.#options
    const signed = this.manner === 'forging' ? Uint8Array.of(...message, 0) : message
    return { signature: await voteKey.sign(signed) }
  }

  async #offers(): Promise<readonly Offer[]> {
    const { chain } = this.#options
    const { slot, value } = await readNetwork(chain)
    const { network, epochs } = value
    const running = epochs.filter(({ state }) => state === 'open' || state === 'sealed')
    const own = running.flatMap((epoch): readonly Offer[] => {
      const holdings = this.holds.map(
        (job): Offer => ({ what: 'holding', epoch: epoch.number, job: bytesOf(job) }),
      )
      if (epoch.state === 'open') {
        const due = slot + 1 >= epoch.endsAt + epoch.grace
        return [...holdings, ...(due ? [this.#post('inventory', epoch)] : [])]
      }
      const settling = epoch.number === network.lastFinal + 1
      return [
        ...holdings,
        this.#post('commit', epoch),
        ...(settling ? this.#round(epoch, { slot, previous: previousOf(value) }) : []),
      ]
    })
    return own
  }

  #post(what: 'inventory' | 'commit', { number }: Epoch): Offer {
    return { what, epoch: number, value: posted(what, number, this.#options.id) }
  }

  #round(epoch: Epoch, { slot, previous }: { slot: number; previous: Uint8Array }): readonly Offer[] {
    const { id } = this.#options
    const { number, round, seed, candidate } = epoch
    if (slot + 1 < epoch.roundFrom + this.proposesAfter) return []
    if (!equalBytes(candidate.attestation, ZERO_HASH)) {
      const { attestation } = candidate
      if (!equalBytes(attestation, this.#candidate.attestation)) this.#candidate = { attestation, slot }
      if (slot < this.#candidate.slot + this.votesAfter) return []
      return [{ what: 'vote', epoch: number, round, value: candidate.attestation }]
    }
    if (drawProposer({ seed, round, candidates: seatsOf(epoch) }) !== id || !this.proposes) return []
    return [{ what: 'proposal', epoch: number, round, attestation: this.#attestation(epoch, previous) }]
  }

  #attestation({ number, round, seed }: Epoch, previous: Uint8Array): Uint8Array {
    const { chain, ledgers } = this.#options
    const { number: epoch, ...rest } = proposal({ number, round }, ledgers(number))
    return attestationCodec.encode({ ...rest, networkId: bytesOf(chain.at.network), epoch, seed, previous })
  }
}

function previousOf({ network }: Awaited<ReturnType<typeof readNetwork>>['value']): Uint8Array {
  const root = network.roots.find(({ epoch }) => network.lastFinal >= 0 && epoch === network.lastFinal)
  return root?.attestation ?? ZERO_HASH
}
