// How a node stands, for GET /status: from its work in this run to what it has earned and claimed.
import type { Trouble } from '@piecework/api'
import { addressOf } from '@piecework/chain'
import type { NodeStanding, StintResult } from '@piecework/network'
import type { Earnings } from './claim.ts'
import type { ClaimEntry } from './common/claim-history.ts'
import type { Latencies } from './common/latencies.ts'
import { type Moment, workingEpoch } from './common/moment.ts'
import type { Word } from './common/word.ts'
import type { LinkCounts } from './links.ts'
import type { Stages } from './stages.ts'
import type { WorkCounts } from './work.ts'

export interface NodeStatus {
  /** base58. */
  readonly node: string
  readonly wallet: string
  readonly index: number | undefined
  readonly enrolled: boolean
  /** Whose work is under way; undefined before the network's start, or while the chain was never read. */
  readonly epoch: number | undefined
  readonly slot: number | undefined
  readonly peers: number
  /** Of this run. */
  readonly tasks: WorkCounts & { readonly dealtThisEpoch: number }
  /** Tasks that wait for somebody's answer. */
  readonly questions: number
  readonly rows: { readonly rows: number; readonly waiting: number; readonly tooLate: number }
  readonly batches: { readonly acknowledged: number; readonly unacknowledged: number }
  readonly delivered: number
  /** What checkers measured of its link, of this run. */
  readonly links: LinkCounts
  /** Bond, target and held pay, as verifiers say. */
  readonly standing: NodeStanding | undefined
  /** What the ledger has released to the wallet, and what reached it. */
  readonly earnings: Earnings
  readonly claims: readonly ClaimEntry[]
  /** From the end of a task to tokens that can be spent. */
  readonly latencies: Latencies
  /** Decided and carried stints, with reasons. */
  readonly results: readonly StintResult[]
  /** What is not as it should be now. */
  readonly troubles: readonly Trouble[]
  /** The newest ones, also those that are over. */
  readonly lastErrors: readonly Trouble[]
}

/** What the main knows beside its stages. */
export interface Circumstances {
  readonly nodeKey: Uint8Array
  readonly wallet: string
  readonly moment: Moment | undefined
  readonly word: Word | undefined
  readonly peers: number
  readonly troubles: readonly Trouble[]
  readonly lastErrors: readonly Trouble[]
}

export function statusOf(stages: Stages, circumstances: Circumstances): NodeStatus {
  const { deal, work, links, questions, record, publish, deliver, claim, latencies } = stages
  const { nodeKey, wallet, moment, word, peers, troubles, lastErrors } = circumstances
  const epoch = moment && workingEpoch(moment)?.number
  const standing = word?.standing
  return {
    node: addressOf(nodeKey),
    wallet,
    index: standing?.node,
    enrolled: standing !== undefined,
    epoch,
    slot: moment?.slot,
    peers,
    tasks: { ...work.counts, dealtThisEpoch: epoch === undefined ? 0 : deal.dealtIn(epoch) },
    questions: questions.open.length,
    rows: record.counts,
    batches: publish.counts,
    delivered: deliver.counts.delivered,
    links: links.counts,
    standing,
    earnings: claim.earnings,
    claims: claim.history,
    latencies: latencies.summary(),
    results: word?.results ?? [],
    troubles,
    lastErrors,
  }
}
