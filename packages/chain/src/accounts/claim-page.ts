import { gap, list, struct } from '../codec/compound.ts'
import { address, u8, u32, u64 } from '../codec/scalars.ts'
import { PAGE_ENTRIES } from '../sizes.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface ClaimPage extends InNetwork {
  /** Holds the account indices from 1024 * number on. */
  readonly number: number
  /** Ever claimed, at index mod 1024. */
  readonly claimed: readonly bigint[]
}

export const claimPageForm: AccountForm<ClaimPage> = {
  kind: 6,
  layout: struct<ClaimPage>('ClaimPage', {
    kind: u8,
    version: u8,
    bump: u8,
    padding: gap(1),
    number: u32,
    network: address,
    claimed: list(u64, PAGE_ENTRIES),
  }),
}

export function pageNumberOf(accountIndex: number): number {
  return Math.floor(accountIndex / PAGE_ENTRIES)
}

/** What an account index has ever claimed, on the page that holds it. */
export function claimedOf(page: ClaimPage, accountIndex: number): bigint {
  return page.claimed[accountIndex - PAGE_ENTRIES * page.number] ?? 0n
}
