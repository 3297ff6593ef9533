// What is known here of one epoch, passed from stage to stage. Each field is filled by the stage it is named after.
import type {
  Applied,
  Chains,
  Due,
  Evidence,
  Facts,
  HeldBatch,
  InventoryData,
  InventoryParts,
  ReportInput,
} from '@piecework/protocol'
import type { Proposal } from '../proposal.ts'
import type { HeldKnown, KnownRoom } from './known-room.ts'

/** A whole inventory: all that it lists is here. */
export interface HeldInventory {
  readonly parts: InventoryParts
  readonly data: InventoryData
  /** Slot from which it was held. */
  readonly since: number
}

export interface HeldReveal {
  readonly bytes: Uint8Array
  readonly input: ReportInput
  readonly since: number
}

export interface Draw {
  /** Without report commits. */
  readonly facts: Facts
  /** Verifiers whose inventories were whole. */
  readonly inventories: readonly number[]
  readonly due: readonly Due[]
  /** Those that this verifier was drawn for, by stint. */
  readonly mine: ReadonlyMap<string, StintCheck>
}

/** A stint that this verifier checks, and what it has found so far. */
export interface StintCheck {
  readonly due: Due
  readonly nodeKey: Uint8Array
  /** Of the stint's epoch. */
  readonly seed: Uint8Array
  readonly batches: readonly HeldBatch[]
  /** Rows that are drawn, by batch. */
  readonly drawn: readonly ReadonlySet<number>[]
  /** Rows whose openings are on disk, by batch. */
  readonly held: readonly Set<number>[]
  /** Of drawn rows that were checked: `seq row`. */
  readonly verdicts: Map<string, RowVerdict>
}

export interface RowVerdict {
  readonly passed: boolean
  readonly trace: Uint8Array
  readonly why: string
}

export interface OwnReport {
  readonly commit: Uint8Array
  readonly reveal: Uint8Array
}

/** An epoch as it would be, if this proposal were agreed to. */
export interface Computed {
  readonly proposal: Proposal
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly applied: Applied
  readonly facts: Facts
  /** Which stints were decided on. */
  readonly due: readonly Due[]
}

export interface EpochWork {
  readonly number: number
  readonly chains: Chains
  /** All batches that were checked, by hash: from gossip, and from others' inventories. */
  readonly batches: Map<string, HeldBatch>
  /** Nodes of whom a batch could not be written when it came, by key: it is written when one comes again. */
  readonly unwritten: Set<string>
  /** Two batches for one place that could not be written as evidence, by the key of their node: it is tried again. */
  readonly unproven: Map<string, readonly [HeldBatch, HeldBatch]>
  /** Newest batch on disk of each node, by key. */
  readonly heads: Map<string, HeldBatch>
  /** Signed enrolments that an inventory lists, by hash. */
  readonly enrolments: Map<string, Uint8Array>
  /** Opened known answers by hash: from gossip, and from others' inventories. */
  readonly known: Map<string, HeldKnown>
  /** Those from gossip, by hash, which the own inventory lists, and what room is left for more. */
  readonly opened: { readonly names: Set<string>; readonly room: KnownRoom }
  /** Nothing more is taken in: the inventory is made. */
  closed: boolean
  /** Own one, once it is made. */
  inventory: { readonly parts: InventoryParts; readonly root: Uint8Array } | undefined
  /** By verifier. */
  readonly inventories: Map<number, HeldInventory>
  draw: Draw | undefined
  readonly evidence: Evidence[]
  report: OwnReport | undefined
  /** By verifier. */
  readonly reveals: Map<number, HeldReveal>
  /** Second reports of verifiers that signed two, by what they open. */
  readonly others: Map<string, { readonly verifierId: number; readonly bytes: Uint8Array }>
  /** By attestation hash. */
  readonly computed: Map<string, Computed>
}

export function stintName(epoch: number, node: number): string {
  return `${epoch} ${node}`
}
