// The one thing that is carried: a leaf of the accounts' ledger, proven under a root that the chain keeps. Pure.
import { addressOf, type ClaimedLeaf, type Network, rootOf } from '@piecework/chain'
import type { RelayQuestion } from '@piecework/network'
import { accountDetail, leafHash, verifyProof } from '@piecework/protocol'
import { SettlerError } from '../errors.ts'

/** Forfeited money: nobody owns it. */
const COMMONS = 0

/** The leaf as the program takes it; throws what is wrong with it. */
export function provenLeaf({ epoch, wallet, leaf }: RelayQuestion, network: Network): ClaimedLeaf {
  const { index, amount, minAmount, maxFee, rest, proof, done } = leaf
  if (done) throw new SettlerError('relay/malformed', 'This is a leaf of the jobs: claims are of accounts.')
  if (index === COMMONS) {
    throw new SettlerError('relay/commons', 'Account 0 is the commons: nobody can claim it.')
  }
  const root = rootOf(network, epoch)
  if (root === undefined) {
    const message = `No root of epoch ${epoch} is kept on chain: ask a verifier for the leaf under a newer one.`
    throw new SettlerError('relay/root-not-kept', message)
  }
  const hash = leafHash({ index, amount, owner: wallet, detail: accountDetail({ minAmount, maxFee, rest }) })
  const { root: hashes, count } = root.accounts
  if (!verifyProof({ root: hashes, count, index, leaf: hash, proof })) {
    const message = `The proof does not lead from this leaf to the root of epoch ${epoch}: ask a verifier for both again.`
    throw new SettlerError('relay/wrong-proof', message)
  }
  return { rootEpoch: epoch, wallet: addressOf(wallet), index, amount, minAmount, maxFee, rest, proof }
}

export interface FeeTerms {
  /** What a claim costs whoever asks, in units of the token. */
  readonly fee: bigint
  /** On top when a token account has to be made. */
  readonly newAccountFee: bigint
  /** Claims that allow less are not carried. */
  readonly leastFee: bigint
}

export interface FeeInput {
  readonly leaf: ClaimedLeaf
  /** What the account has claimed by now. */
  readonly claimed: bigint
  readonly newAccount: boolean
  /** The network's. */
  readonly cap: bigint
}

export interface Due {
  /** What the vault pays, fee and all. */
  readonly amount: bigint
  readonly fee: bigint
}

/** What is asked, but never more than the wallet and the network allow, nor than there is to claim. */
export function dueOf({ leaf, claimed, newAccount, cap }: FeeInput, terms: FeeTerms): Due {
  const amount = leaf.amount - claimed
  if (amount <= 0n) {
    throw new SettlerError('relay/nothing-due', 'Everything under this root has been claimed already.')
  }
  if (amount < leaf.minAmount) {
    const message = `${amount} are due, and this wallet lets nobody carry less than ${leaf.minAmount}: wait until it is more.`
    throw new SettlerError('relay/below-least', message)
  }
  const asked = terms.fee + (newAccount ? terms.newAccountFee : 0n)
  const fee = [leaf.maxFee, cap, amount].reduce((least, one) => (one < least ? one : least), asked)
  if (fee < terms.leastFee) {
    const message = `This settler carries no claim for less than ${terms.leastFee}, and this one allows ${fee}: ask another settler.`
    throw new SettlerError('relay/fee-too-small', message)
  }
  return { amount, fee }
}

/** While the parameters change the lower of the two caps holds in any case. */
export function feeCap({ params, nextParams, nextParamsFrom }: Network): bigint {
  if (nextParamsFrom === Infinity || params.maxClaimFee < nextParams.maxClaimFee) return params.maxClaimFee
  return nextParams.maxClaimFee
}
