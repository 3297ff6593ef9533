// The program's named numbers, as words: the place in a list is the number.
import type { Layout } from './codec/layout.ts'
import { oneOf } from './codec/scalars.ts'

export type EpochState = 'empty' | 'open' | 'sealed' | 'final'
export const EPOCH_STATES: readonly EpochState[] = ['empty', 'open', 'sealed', 'final']
export const epochState: Layout<EpochState> = oneOf(EPOCH_STATES)

export type PostSort = 'inventory' | 'commit' | 'holding'
export const POST_SORTS: readonly PostSort[] = ['inventory', 'commit', 'holding']
export const postSort: Layout<PostSort> = oneOf(POST_SORTS)

export type LedgerName = 'accounts' | 'jobs' | 'slashes'
export const LEDGERS: readonly LedgerName[] = ['accounts', 'jobs', 'slashes']
export const ledgerName: Layout<LedgerName> = oneOf(LEDGERS)

export type Rule = 'piece' | 'share'
export const RULES: readonly Rule[] = ['piece', 'share']
export const rule: Layout<Rule> = oneOf(RULES)
