import type { Address } from '../address.ts'
import { gap, list, struct } from '../codec/compound.ts'
import { address, u8, u32 } from '../codec/scalars.ts'
import { ROSTER_ENTRIES } from '../sizes.ts'
import { type Entry, entryLayout } from '../structs/entry.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface Roster extends InNetwork {
  readonly count: number
  readonly network: Address
  /** Ascending by id; the first count are in use. */
  readonly entries: readonly Entry[]
}

export const rosterForm: AccountForm<Roster> = {
  kind: 2,
  layout: struct<Roster>('Roster', {
    kind: u8,
    version: u8,
    bump: u8,
    padding: gap(1),
    count: u32,
    network: address,
    entries: list(entryLayout, ROSTER_ENTRIES),
  }),
}

export function entriesOf(roster: Roster): readonly Entry[] {
  return roster.entries.slice(0, roster.count)
}
