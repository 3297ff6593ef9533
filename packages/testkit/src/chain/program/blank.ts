// Accounts as they are when they are made: all zero but for what says what they are.
import {
  ACCOUNT_VERSION,
  type AccountForm,
  type Candidate,
  EPOCH_RING,
  type Epoch,
  epochForm,
  type Head,
  type LedgerRoot,
  NO_ADDRESS,
  type Seat,
} from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'

/** The bump is what derivation finds, and nobody reads it here. */
export function blank<T extends Head>(form: AccountForm<T>): T {
  const zero = form.layout.read(new DataView(new ArrayBuffer(form.layout.size)), 0)
  return { ...zero, kind: form.kind, version: ACCOUNT_VERSION }
}

export function blankEpoch(number: number, network: Epoch['network']): Epoch {
  const ring = ((number % EPOCH_RING) + EPOCH_RING) % EPOCH_RING
  return { ...blank(epochForm), ring, number, network }
}

export const NO_LEDGER: LedgerRoot = { root: ZERO_HASH, count: 0, total: 0n }

export const NO_CANDIDATE: Candidate = {
  attestation: ZERO_HASH,
  accounts: NO_LEDGER,
  jobs: NO_LEDGER,
  slashes: NO_LEDGER,
}

export const NO_SEAT: Seat = {
  id: 0,
  weight: 0,
  voteKey: NO_ADDRESS,
  stake: 0n,
  activeSlot: 0,
  inventory: ZERO_HASH,
  commit: ZERO_HASH,
}
