// Cosign: puts the vote key's signature under a transaction of a settler, if all that it does for this verifier is
// exactly what the verifier offers now. Anything else in it, and it is refused.
import {
  type Address,
  addressOf,
  bytesOf,
  COMPUTE_BUDGET_PROGRAM,
  type NetworkAddresses,
  postForm,
  proposeForm,
  readInstruction,
  readMessage,
  type TransactionInstruction,
  voteForm,
} from '@piecework/chain'
import type { CosignAnswer, CosignQuestion, Offer } from '@piecework/network'
import { attestationCodec, equalBytes, type SigningKey } from '@piecework/protocol'
import { refused } from './errors.ts'
import type { Offers } from './offers.ts'

export interface CosignPorts {
  readonly at: NetworkAddresses
  readonly key: SigningKey
  readonly offers: Offers
}

export function cosign({ at, key, offers }: CosignPorts, { message }: CosignQuestion): CosignAnswer {
  const self = addressOf(key.publicKey)
  const { payer, signers, programs, instructions } = read(message)
  if (payer === self) throw refused('a vote key pays for nothing')
  if (!signers.includes(self)) throw refused('it asks for no signature of this verifier')
  const own = instructions.filter((_, i) => programs[i] !== COMPUTE_BUDGET_PROGRAM)
  if (own.length === 0) throw refused('it does nothing')
  for (const [i, instruction] of instructions.entries()) {
    if (programs[i] === COMPUTE_BUDGET_PROGRAM) continue
    if (programs[i] !== at.programId) throw refused('it calls another program')
    const acts = actsOf(instruction, at, self) ?? []
    if (acts.length === 0 || !acts.every((act) => isWanted(act, offers)))
      throw refused('it does something that this verifier does not offer now')
  }
  return { signature: key.sign(message) }
}

function read(message: Uint8Array): ReturnType<typeof readMessage> {
  try {
    return readMessage(message)
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

/** What the instruction does for one vote key; undefined where it is none that verifiers sign. */
type Act =
  | { readonly what: 'inventory' | 'commit'; readonly epoch: number; readonly value: Uint8Array }
  | { readonly what: 'holding'; readonly job: Uint8Array }
  | { readonly what: 'vote'; readonly value: Uint8Array }
  | { readonly what: 'proposal'; readonly args: object }

function actsOf(
  instruction: TransactionInstruction,
  at: NetworkAddresses,
  self: Address,
): readonly Act[] | undefined {
  const post = readInstruction(postForm, instruction)
  if (post !== undefined) {
    const { what, number, values } = post.args
    if (post.accounts.epoch !== at.epoch(number)) return undefined
    return placesOf(post.voters, self).map((place): Act => {
      if (what === 'holding') return { what, job: bytesOf(post.accounts.job) }
      return { what, epoch: number, value: values[place] ?? new Uint8Array() }
    })
  }
  const vote = readInstruction(voteForm, instruction)
  if (vote !== undefined)
    return placesOf(vote.voters, self).map(() => ({ what: 'vote', value: vote.args.attestation }))
  const proposed = readInstruction(proposeForm, instruction)
  if (proposed === undefined || proposed.accounts.network !== at.network) return undefined
  if (proposed.accounts.proposer !== self) return undefined
  return [{ what: 'proposal', args: proposed.args }]
}

/** None where this verifier has no part in the instruction: then it is not its to sign beside. */
function placesOf(voters: readonly Address[], self: Address): readonly number[] {
  return voters.flatMap((voter, place) => (voter === self ? [place] : []))
}

function isWanted(act: Act, offers: Offers): boolean {
  return offers.list().some((offer) => isFor(act, offer))
}

function isFor(act: Act, offer: Offer): boolean {
  if (act.what === 'holding') return offer.what === 'holding' && equalBytes(offer.job, act.job)
  if (act.what === 'vote') return offer.what === 'vote' && equalBytes(offer.value, act.value)
  if (act.what === 'proposal') return offer.what === 'proposal' && isSameProposal(act.args, offer.attestation)
  return offer.what === act.what && offer.epoch === act.epoch && equalBytes(offer.value, act.value)
}

/** The chain adds network, seed and previous; all else stands in the instruction. */
function isSameProposal(args: object, attestation: Uint8Array): boolean {
  const {
    networkId: _network,
    seed: _seed,
    previous: _previous,
    epoch,
    ...fields
  } = attestationCodec.decode(attestation)
  const wanted: Readonly<Record<string, unknown>> = { number: epoch, ...fields }
  const given = Object.entries(args)
  return (
    given.length === Object.keys(wanted).length &&
    given.every(([name, value]) => isSameValue(value, wanted[name]))
  )
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  return left.size === right.size && [...left].every(([name, value]) => isSameValue(value, right.get(name)))
}
