import type { Address } from '../address.ts'
import { gap, list, struct } from '../codec/compound.ts'
import { address, epochNumber, flag, hash, natural, u8, u32, u64 } from '../codec/scalars.ts'
import { EPOCH_RING, KEPT_ROOTS, ringOf } from '../sizes.ts'
import { type FinalRoot, finalRootLayout } from '../structs/final-root.ts'
import { type Params, paramsLayout } from '../structs/params.ts'
import { type Totals, totalsLayout } from '../structs/totals.ts'
import type { AccountForm, Head } from './form.ts'

export interface Network extends Head {
  readonly vaultBump: number
  readonly stakeBump: number
  readonly started: boolean
  readonly creator: Address
  readonly nameHash: Uint8Array
  readonly authority: Address
  /** Zero: none. */
  readonly pendingAuthority: Address
  readonly mint: Address
  readonly genesisHash: Uint8Array
  readonly roster: Address
  readonly vault: Address
  readonly stakeVault: Address
  /** Before epoch nextParamsFrom. */
  readonly params: Params
  /** From epoch nextParamsFrom on. */
  readonly nextParams: Params
  /** Infinity: params holds for every epoch. */
  readonly nextParamsFrom: number
  /** S_e at e mod 4, for the four newest that are known. */
  readonly starts: readonly number[]
  /** First epoch that isn't sealed; S is known up to nextSeal + 1. */
  readonly nextSeal: number
  /** -1: none yet. */
  readonly lastFinal: number
  readonly nextVerifier: number
  readonly nextJob: number
  readonly totals: Totals
  /** Slot in which the outflow window began. */
  readonly outflowFrom: number
  /** Paid in this window under young roots. */
  readonly outflow: bigint
  readonly pausedAt: number
  /** Paused while the slot is below. */
  readonly pauseUntil: number
  /** No new pause below this slot. */
  readonly pauseAgainFrom: number
  /** Of epoch e at e mod 16. */
  readonly roots: readonly FinalRoot[]
}

export const networkForm: AccountForm<Network> = {
  kind: 1,
  layout: struct<Network>('Network', {
    kind: u8,
    version: u8,
    bump: u8,
    vaultBump: u8,
    stakeBump: u8,
    started: flag,
    padding: gap(2),
    creator: address,
    nameHash: hash,
    authority: address,
    pendingAuthority: address,
    mint: address,
    genesisHash: hash,
    roster: address,
    vault: address,
    stakeVault: address,
    params: paramsLayout,
    nextParams: paramsLayout,
    nextParamsFrom: epochNumber,
    starts: list(natural, EPOCH_RING),
    nextSeal: epochNumber,
    lastFinal: epochNumber,
    nextVerifier: u32,
    nextJob: u32,
    totals: totalsLayout,
    outflowFrom: natural,
    outflow: u64,
    pausedAt: natural,
    pauseUntil: natural,
    pauseAgainFrom: natural,
    roots: list(finalRootLayout, KEPT_ROOTS),
  }),
}

/** The parameters that hold for an epoch. */
export function paramsOf(network: Network, epoch: number): Params {
  return epoch >= network.nextParamsFrom ? network.nextParams : network.params
}

/** S_e, for the four newest that are known. */
export function startOf(network: Network, epoch: number): number | undefined {
  const newest = network.nextSeal + 1
  if (!network.started || epoch < 0 || epoch > newest || epoch <= newest - EPOCH_RING) return undefined
  return network.starts[ringOf(epoch, EPOCH_RING)]
}

/** The first epoch for which nobody can have signed anything yet: the two before it may be under way. */
export function untouchedFrom({ nextSeal }: Pick<Network, 'nextSeal'>): number {
  return nextSeal + 2
}

/**
 * The first epoch for which a key signs whose store is new: it may have had another, and what it signed for the epochs that
 * are under way is known to nobody then. Until the first epoch is over all stores are new.
 */
export function newStoreSignsFrom(network: Network, slot: number): number {
  const isFirst = network.nextSeal === 0 && slot < (startOf(network, 1) ?? Infinity)
  return isFirst ? 0 : untouchedFrom(network)
}

/** The final root of an epoch, while it is kept. */
export function rootOf(network: Network, epoch: number): FinalRoot | undefined {
  if (epoch < 0 || epoch > network.lastFinal) return undefined
  const root = network.roots[ringOf(epoch, KEPT_ROOTS)]
  return root?.epoch === epoch ? root : undefined
}
