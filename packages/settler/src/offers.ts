// Which of a verifier's offers fits a window: everything else that it wants is for another time, or nothing at all.
import { type Epoch, type NetworkState, type ProposeArgs, rootOf, type Seat } from '@piecework/chain'
import type { Offer } from '@piecework/network'
import { type Attestation, attestationCodec, equalBytes, ZERO_HASH } from '@piecework/protocol'
import type { Window } from './windows.ts'

export interface Member {
  readonly seat: Seat
  readonly value: Uint8Array
}

/** Inventory root, report commit, or the hash that is voted for. */
export function valueFor({ what, epoch }: Window, offers: readonly Offer[]): Uint8Array | undefined {
  for (const offer of offers) {
    if (offer.what !== what || offer.epoch !== epoch.number) continue
    if (offer.what === 'inventory' || offer.what === 'commit') return offer.value
    if (offer.what === 'vote' && isForCandidate(epoch, offer)) return offer.value
  }
  return undefined
}

function isForCandidate({ round, candidate }: Epoch, vote: Offer & { readonly what: 'vote' }): boolean {
  return vote.round === round && equalBytes(vote.value, candidate.attestation)
}

/** What a proposer proposes, if it goes with what the chain adds to it: otherwise nobody could vote for it. */
export function proposalFor(
  { network }: NetworkState,
  epoch: Epoch,
  offers: readonly Offer[],
): ProposeArgs | undefined {
  for (const offer of offers) {
    if (offer.what !== 'proposal' || offer.epoch !== epoch.number || offer.round !== epoch.round) continue
    const attestation = attestationOf(offer.attestation)
    const previous = rootOf(network, network.lastFinal)?.attestation ?? ZERO_HASH
    if (attestation !== undefined && goesWith(attestation, epoch, previous)) return argsOf(attestation)
  }
  return undefined
}

function attestationOf(bytes: Uint8Array): Attestation | undefined {
  try {
    return attestationCodec.decode(bytes)
  } catch {
    // Whatever a verifier sent in its place: no proposal.
    return undefined
  }
}

function goesWith(attestation: Attestation, epoch: Epoch, previous: Uint8Array): boolean {
  const { number, round, seed } = epoch
  const right = attestation.epoch === number && attestation.round === round
  return right && equalBytes(attestation.seed, seed) && equalBytes(attestation.previous, previous)
}

function argsOf(attestation: Attestation): ProposeArgs {
  const { epoch, round, factsHash, inputsRoot, accounts, jobs, slashes } = attestation
  const { nodesRoot, workforceRoot, stateHash } = attestation
  const hashes = { factsHash, inputsRoot, nodesRoot, workforceRoot, stateHash }
  return { number: epoch, round, accounts, jobs, slashes, ...hashes }
}
