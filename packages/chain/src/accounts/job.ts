import type { Address } from '../address.ts'
import { gap, list, struct } from '../codec/compound.ts'
import { address, hash, natural, u8, u16, u32, u64 } from '../codec/scalars.ts'
import { SEATS } from '../sizes.ts'
import { type Rule, rule } from '../words.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface Job extends InNetwork {
  readonly rule: Rule
  /** Number of the kind of work. */
  readonly workKind: number
  readonly replicas: number
  readonly requester: Address
  readonly nonce: bigint
  readonly index: number
  readonly tasks: number
  readonly maxUnits: number
  readonly leaseEpochs: number
  /** piece: of a unit. share: the budget of an epoch. */
  readonly price: bigint
  readonly capPrice: bigint
  readonly deposit: bigint
  readonly verifierBps: number
  readonly settleBps: number
  readonly holderCount: number
  readonly createdSlot: number
  /** 0: not open yet. */
  readonly openSlot: number
  /** 0: not closed. */
  readonly closeSlot: number
  readonly specHash: Uint8Array
  /** Zero: anyone. */
  readonly allowRoot: Uint8Array
  /** Verifier ids that have signed that they hold it; the first holderCount are in use. */
  readonly holders: readonly number[]
}

export const jobForm: AccountForm<Job> = {
  kind: 5,
  layout: struct<Job>('Job', {
    kind: u8,
    version: u8,
    bump: u8,
    rule,
    workKind: u16,
    replicas: u8,
    padding: gap(1),
    network: address,
    requester: address,
    nonce: u64,
    index: u32,
    tasks: u32,
    maxUnits: u32,
    leaseEpochs: u32,
    price: u64,
    capPrice: u64,
    deposit: u64,
    verifierBps: u16,
    settleBps: u16,
    holderCount: u32,
    createdSlot: natural,
    openSlot: natural,
    closeSlot: natural,
    specHash: hash,
    allowRoot: hash,
    holders: list(u32, SEATS),
  }),
}
