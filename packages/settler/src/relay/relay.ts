// Carries claims of contributors without SOL. It is never given a transaction: it takes a leaf with its proof, and makes
// the one transaction there is for it itself. So there is nothing else that it could be made to sign.

import type { Log } from '@piecework/api'
import {
  type Address,
  associatedTokens,
  type Chain,
  ChainError,
  type ClaimedLeaf,
  claimCarried,
  claimedOf,
  computeBudget,
  createAssociatedTokens,
  type Network as NetworkAccount,
  pageNumberOf,
  type SendOutcome,
  type Signer,
  type Time,
  type TransactionInstruction,
  wantPage,
} from '@piecework/chain'
import type { RelayAnswer, RelayQuestion } from '@piecework/network'
import { SettlerError } from '../errors.ts'
import type { Purse } from '../purse.ts'
import type { Tally } from '../tally.ts'
import { type Due, dueOf, type FeeTerms, feeCap, provenLeaf } from './leaf.ts'
import { Limits, type RelayLimits } from './limits.ts'

/** Claims under way at once: they wait for the chain, and hold no more than a kilobyte each. */
const AT_ONCE = 32
/** A claim with a token account made on the way takes 40,000. */
const UNITS = 100_000

export interface RelayTerms extends FeeTerms, RelayLimits {}

export interface RelayOptions {
  readonly terms: RelayTerms
  readonly chain: Chain
  readonly wallet: Signer
  readonly time: Time
  readonly log: Log
  readonly tally: Tally
  readonly purse: Purse
  readonly priority: bigint
  /** As the chain said it last. */
  readonly network: () => NetworkAccount | undefined
}

/** What has to be known of the chain for one claim. */
interface Found {
  readonly claimed: bigint
  readonly newAccount: boolean
  readonly ownAccount: boolean
}

export class Relay {
  readonly #options: RelayOptions
  readonly #limits: Limits
  readonly #underWay = new Set<Address>()

  constructor(options: RelayOptions) {
    this.#options = options
    this.#limits = new Limits(options.terms, options.time)
  }

  async carry(question: RelayQuestion): Promise<RelayAnswer> {
    const { tally, log } = this.#options
    try {
      return await this.#carry(question)
    } catch (error) {
      const code = error instanceof SettlerError || error instanceof ChainError ? error.code : 'defect'
      tally.refused(code)
      if (code === 'defect') log.error('relay-defect', { error })
      throw error
    }
  }

  async #carry(question: RelayQuestion): Promise<RelayAnswer> {
    const { purse } = this.#options
    const network = this.#options.network()
    if (network === undefined) {
      throw new SettlerError(
        'relay/not-ready',
        'This settler has not read the chain yet: ask again in a moment.',
      )
    }
    const leaf = provenLeaf(question, network)
    if (purse.isEmpty) {
      throw new SettlerError(
        'relay/no-sol',
        'This settler has no SOL left to carry anything: ask another one.',
      )
    }
    if (this.#underWay.size >= AT_ONCE || this.#underWay.has(leaf.wallet)) {
      const message = this.#underWay.has(leaf.wallet)
        ? 'A claim of this wallet is under way: wait for its answer.'
        : `This settler carries ${AT_ONCE} claims right now: ask again in some seconds, or ask another one.`
      throw new SettlerError('relay/busy', message)
    }
    this.#underWay.add(leaf.wallet)
    try {
      return await this.#claim(leaf, network)
    } finally {
      this.#underWay.delete(leaf.wallet)
    }
  }

  async #claim(leaf: ClaimedLeaf, network: NetworkAccount): Promise<RelayAnswer> {
    const { terms, tally, log } = this.#options
    const found = await this.#look(leaf, network.mint)
    const due = dueOf({ leaf, cap: feeCap(network), ...found }, terms)
    this.#limits.take(leaf.wallet, found.newAccount)
    if (due.fee > 0n && !found.ownAccount)
      await this.#do([this.#tokensOf(this.#options.wallet.address, network)])
    const signature = await this.#send({ leaf, due, found, network })
    const paid = due.amount - due.fee
    tally.add('claims', 1)
    tally.earn(due.fee)
    log.info('claim-carried', { wallet: leaf.wallet, paid: String(paid), fee: String(due.fee), signature })
    return { signature, paid, fee: due.fee }
  }

  async #look({ wallet, index }: ClaimedLeaf, mint: Address): Promise<Found> {
    const { chain, wallet: carrier } = this.#options
    const number = pageNumberOf(index)
    const page = wantPage(chain.at, number)
    const tokens = [wallet, carrier.address].map((owner) => associatedTokens(owner, mint).address)
    const [raw, theirs, own] = (await chain.accounts([page.address, ...tokens])).value
    if (raw === undefined) {
      const message = `The claim page ${number} is not there yet: the settlers open it within seconds. Ask again then.`
      throw new SettlerError('relay/no-page', message)
    }
    const claimed = claimedOf(page.decode(raw), index)
    return { claimed, newAccount: theirs === undefined, ownAccount: own !== undefined }
  }

  /** With the token account in the same transaction, where both fit: up to a proof of 17 levels. */
  async #send({ leaf, due, found, network }: Claim): Promise<string> {
    const { chain, wallet } = this.#options
    const { mint } = network
    const feeDestination = associatedTokens(wallet.address, mint).address
    const fee = due.fee > 0n ? { fee: due.fee, feeDestination } : { fee: 0n }
    const claim = claimCarried(chain.at, { leaf, mint, ...fee })
    if (!found.newAccount) return this.#do([claim])
    const tokens = this.#tokensOf(leaf.wallet, network)
    try {
      return await this.#do([tokens, claim])
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'transaction/too-large') throw error
      await this.#do([tokens])
      return this.#do([claim])
    }
  }

  #tokensOf(wallet: Address, { mint }: NetworkAccount): TransactionInstruction {
    return createAssociatedTokens({ payer: this.#options.wallet.address, wallet, mint })
  }

  async #do(instructions: readonly TransactionInstruction[]): Promise<string> {
    const { chain, wallet, priority } = this.#options
    const budget = priority === 0n ? [] : computeBudget({ units: UNITS, microLamportsPerUnit: priority })
    return landed(await chain.send({ instructions: [...budget, ...instructions], payer: wallet }))
  }
}

interface Claim {
  readonly leaf: ClaimedLeaf
  readonly due: Due
  readonly found: Found
  readonly network: NetworkAccount
}

function landed(outcome: SendOutcome): string {
  switch (outcome.kind) {
    case 'landed':
      return outcome.signature
    case 'refused':
      throw new SettlerError('relay/refused', `The chain refused the claim: ${outcome.error.message}`)
    case 'unknown': {
      const message = `The claim was sent as ${outcome.signature} and may still land: look at the account before asking again.`
      throw new SettlerError('relay/unknown', message)
    }
    case 'expired':
      throw new SettlerError(
        'relay/refused',
        'The chain took no transaction in time, and never will: ask again.',
      )
  }
}
