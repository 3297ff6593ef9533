// What `GET /status` of a settler says: plain JSON, money as text.
import type { AsOf, NetworkState } from '@piecework/chain'
import type { Purse } from './purse.ts'
import type { Deed, Tally } from './tally.ts'

export interface SettlerStatus {
  /** The wallet that pays. */
  readonly address: string
  /** In lamports; null before it has been read. */
  readonly balance: string | null
  /** What to do about it, if anything is wrong. */
  readonly warning: string | null
  /** As of which slot; null before the chain has been read. */
  readonly slot: number | null
  /** The epoch whose work is under way. */
  readonly epoch: number | null
  readonly lastFinal: number | null
  /** What landed since it began: posts and votes by verifier, everything else by transaction. */
  readonly done: Readonly<Record<Deed, number>>
  /** In units of the network's token. */
  readonly feesEarned: string
  /** What another settler had done first. */
  readonly already: number
  readonly refusals: Readonly<Record<string, number>>
}

export interface StatusInput {
  readonly address: string
  readonly purse: Purse
  readonly tally: Tally
  readonly state: AsOf<NetworkState> | undefined
}

export function statusOf({ address, purse, tally, state }: StatusInput): SettlerStatus {
  const { lamports, warning } = purse
  return {
    address,
    balance: lamports === undefined ? null : String(lamports),
    warning: warning ?? null,
    slot: state?.slot ?? null,
    epoch: state === undefined ? null : state.value.network.nextSeal,
    lastFinal: state === undefined ? null : state.value.network.lastFinal,
    done: doneOf(tally),
    feesEarned: String(tally.feesEarned),
    already: tally.already,
    refusals: tally.refusals,
  }
}

function doneOf(tally: Tally): Readonly<Record<Deed, number>> {
  return {
    inventories: tally.done('inventories'),
    commits: tally.done('commits'),
    holdings: tally.done('holdings'),
    proposals: tally.done('proposals'),
    votes: tally.done('votes'),
    seals: tally.done('seals'),
    rounds: tally.done('rounds'),
    finals: tally.done('finals'),
    pages: tally.done('pages'),
    drops: tally.done('drops'),
    claims: tally.done('claims'),
  }
}
