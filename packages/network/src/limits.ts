// Every limit on what is asked, answered and spread, each with its reason. What one message of the protocol may have
// is in the protocol's own limits.
import {
  ackCodec,
  appealCodec,
  attestationCodec,
  CHAIN_BATCHES,
  enrolmentCodec,
  HASH_BYTES,
  inventoryCodec,
  MAX_SIGNED_BATCH_BYTES,
  REPORT_BYTES,
  SALT_BYTES,
  SIGNATURE_BYTES,
} from '@piecework/protocol'
import type { Sort } from './questions.ts'

/** A gossip message: twenty full batches, or a report of a network of a thousand nodes. Longer reveals are asked for. */
export const GOSSIP_BYTES = 1_048_576
/** Batches that a hub passes on together, and their bytes: what half a second brings at two hundred a second. */
export const BUNDLE_BATCHES = 64
export const BUNDLE_BYTES = 524_288
/** What a keeper opens of one job in an epoch: 32,000 tasks, or 240 of the longest answers. */
export const KNOWN_JOB_MESSAGES = 8
export const KNOWN_JOB_BYTES: number = GOSSIP_BYTES
/** Who refuses a question says why in a sentence or two. */
export const REFUSAL_BYTES = 500

/** Hashes in a question for data: two whole chains of batches. */
export const DATA_HASHES = 1024
/** An answer of data is full when it has so many bytes: four seconds of a home's 10 Mbit/s. */
export const DATA_FULL_BYTES = 4_194_304
/** What is longer is fetched in pieces: for less, asking costs about as much time as sending. */
export const DATA_WHOLE_BYTES = 1_048_576
/** The longest that is fetched by hash, a reveal. */
export const DATA_ITEM_BYTES: number = REPORT_BYTES + SIGNATURE_BYTES + SALT_BYTES
/** One piece of something long: less than two seconds over 1.5 Mbit/s, which is all that is lost with a peer that breaks off. */
export const PIECE_BYTES = 262_144
/** Over the slowest line that counts, 1.5 Mbit/s. */
export const SLOWEST_BYTES_PER_MS = 187.5
/** A spec or an input: a module of WebAssembly with its data, a folder of scaled photos. */
export const UPLOAD_BYTES = 16_777_216
/**
 * The longest of each sort that is fetched by hash, so that nobody can announce an inventory's header of some KB as 64 MB
 * and have memory taken for it. Where the protocol's own limit is past the longest that is fetched, that one holds.
 */
export const MOST_BYTES: Readonly<Record<Sort, number>> = {
  content: UPLOAD_BYTES,
  page: DATA_ITEM_BYTES,
  manifest: DATA_ITEM_BYTES,
  inventory: inventoryCodec.layout.maxBytes,
  part: DATA_ITEM_BYTES,
  heads: CHAIN_BATCHES * HASH_BYTES,
  batch: MAX_SIGNED_BATCH_BYTES,
  // Its node's signature, its wallet's, and how many there are.
  enrolment: 1 + 2 * SIGNATURE_BYTES + enrolmentCodec.layout.maxBytes,
  known: GOSSIP_BYTES,
  appeal: SIGNATURE_BYTES + appealCodec.layout.maxBytes,
  reveal: DATA_ITEM_BYTES,
  facts: DATA_ITEM_BYTES,
  // With the verifiers whose parts it includes, 64 of each list at most.
  proposal: attestationCodec.layout.maxBytes + 8192,
}
/** Tasks of one node in one epoch: two hundred a second for five minutes. */
export const WORK_TASKS = 65_536
/** Openings in one message: as many as a batch has rows. */
export const OPENINGS = 1024
/** All openings of one message: at least seven of the longest outputs. */
export const OPENINGS_BYTES = 8_388_608
/** Rows that one question asks to open: of four full batches. */
export const OPEN_ROWS = 4096
/** Epochs whose work is under way at once are two or three. */
export const STATUS_ACKS = 8
/** A signed acknowledgement. */
export const ACK_BYTES: number = SIGNATURE_BYTES + ackCodec.layout.maxBytes
/** Results of stints in one answer: more epochs than evidence counts for. */
export const STATUS_RESULTS = 1024
/**
 * The newest settled epochs, which one answer tells of: half a day where an epoch takes five minutes. Anybody may ask, and
 * most of them are on disk. A stint that is not decided is told of in each epoch again.
 */
export const STATUS_EPOCHS = 128
/** A status: all of those results with a reason of a few sentences and the checkers of a network of today. */
export const STATUS_BYTES = 2_097_152
/** Why something is not paid, for people: a few sentences. */
export const REASON_TEXT_BYTES = 1000
/** Leaves in one answer: a wallet has one; a requester has one for each job, and can ask for a single one. */
export const LEDGER_LEAVES = 256
/** What one verifier wants on chain: a handful for the epochs under way, and a holding for each new job. */
export const OFFERS = 1024
/** A transaction of Solana. */
export const TRANSACTION_BYTES = 1232
/** The longest that 64 bytes are in base58. */
export const SIGNATURE_TEXT_BYTES = 88
/** Outputs of a job in one answer: short ones, as many as still take less time to send than to ask for. */
export const RESULTS = 4096
/** All outputs of one answer: as of one message of openings. */
export const RESULTS_BYTES = 8_388_608
/** Finished tasks of a job in one answer: twice as many as a keeper has room to open in an epoch. */
export const FINISHED_TASKS = 65_536
