// Where the accounts of a network are: program addresses, derived from what they hold.

import {
  type Address,
  ASSOCIATED_TOKEN_PROGRAM,
  addressOfKey,
  bytesOf,
  keyOf,
  TOKEN_PROGRAM,
} from './address.ts'
import { encode } from './codec/layout.ts'
import { epochNumber, natural, u8, u32, u64 } from './codec/scalars.ts'
import { EPOCH_RING, ringOf } from './sizes.ts'
import { PublicKey } from './web3.ts'
import { type LedgerName, ledgerName } from './words.ts'

export interface Derived {
  readonly address: Address
  readonly bump: number
}

type Seed = string | Uint8Array

export function derive(programId: Address, ...seeds: readonly Seed[]): Derived {
  const bytes = seeds.map((seed) => (typeof seed === 'string' ? new TextEncoder().encode(seed) : seed))
  const [key, bump] = PublicKey.findProgramAddressSync(bytes, keyOf(programId))
  return { address: addressOfKey(key), bump }
}

export interface DisputePlace {
  readonly epoch: number
  readonly ledger: LedgerName
  readonly index: number
  readonly disputer: Address
}

/** As many as one answer can hold. Deriving one takes a quarter of a millisecond, and whoever reads jobs asks for all. */
const MAX_KNOWN_JOBS = 50_000

/** One network's accounts. Those that are asked for again and again are derived once. */
export interface NetworkAddresses {
  readonly programId: Address
  readonly network: Address
  readonly roster: Address
  readonly vault: Address
  readonly stakeVault: Address
  /** The account that the epoch of this number uses. */
  readonly epoch: (number: number) => Address
  readonly verifier: (id: number) => Address
  readonly job: (requester: Address, nonce: bigint) => Address
  readonly page: (number: number) => Address
  readonly dispute: (place: DisputePlace) => Address
}

export function networkAddress(programId: Address, creator: Address, nameHash: Uint8Array): Address {
  return derive(programId, 'network', bytesOf(creator), nameHash).address
}

export function addressesOf(programId: Address, network: Address): NetworkAddresses {
  const id = bytesOf(network)
  const at = (...seeds: readonly Seed[]): Address => derive(programId, ...seeds).address
  const ring = new Map<number, Address>()
  const epochAt = (place: number): Address => {
    const known = ring.get(place) ?? at('epoch', id, encode(u8, place))
    ring.set(place, known)
    return known
  }
  const jobs = new Map<string, Address>()
  const jobAt = (requester: Address, nonce: bigint): Address => {
    const name = `${requester} ${nonce}`
    const known = jobs.get(name) ?? at('job', id, bytesOf(requester), encode(u64, nonce))
    if (jobs.size >= MAX_KNOWN_JOBS) jobs.clear()
    jobs.set(name, known)
    return known
  }
  return {
    programId,
    network,
    roster: at('roster', id),
    vault: at('vault', id),
    stakeVault: at('stake', id),
    epoch: (number) => epochAt(ringOf(number, EPOCH_RING)),
    verifier: (verifierId) => at('verifier', id, encode(u32, verifierId)),
    job: jobAt,
    page: (number) => at('page', id, encode(u32, number)),
    dispute: (place) =>
      at(
        'dispute',
        id,
        encode(epochNumber, place.epoch),
        encode(ledgerName, place.ledger),
        encode(natural, place.index),
        bytesOf(place.disputer),
      ),
  }
}

/** The token account that a wallet has for a mint by the token program's own convention. */
export function associatedTokens(wallet: Address, mint: Address): Derived {
  return derive(ASSOCIATED_TOKEN_PROGRAM, bytesOf(wallet), bytesOf(TOKEN_PROGRAM), bytesOf(mint))
}
