// Every limit on what travels and is decoded, each with its reason. What an epoch allows is in the parameters instead.

/** An ed25519 signature. */
export const SIGNATURE_BYTES = 64
/** An ed25519 public key, a Solana address, and the network id. */
export const KEY_BYTES = 32
/** As long as a hash, so that nobody can try all salts. */
export const SALT_BYTES = 32

/** Rows in a batch: 48 KB, which is sent at once and still fits many times into one gossip message of 1 MB. */
export const BATCH_ROWS = 1024
/** Four numbers of 4 bytes, and a commit. */
export const ROW_BYTES = 48
/** Bytes of a batch before its rows. */
export const BATCH_HEADER_BYTES = 112
/** A full batch with its signature before it. */
export const MAX_SIGNED_BATCH_BYTES: number = SIGNATURE_BYTES + BATCH_HEADER_BYTES + BATCH_ROWS * ROW_BYTES
/** Batches in one node's epoch: one and a half a second for five minutes, half a million rows. */
export const CHAIN_BATCHES = 512
/** How far ahead of a node's head a batch may wait for those before it: gossip reorders by a few, not by dozens. */
export const WAITING_BATCHES = 16

/** Kinds in an enrolment: there are about ten, and room for three times as many. */
export const ENROLMENT_KINDS = 32
/** Attributes in an enrolment: languages, country, cell, hardware; a few dozen plain claims. */
export const ENROLMENT_ATTRIBUTES = 32
/** Bytes of an attribute's name, such as `language`. */
export const ATTRIBUTE_NAME_BYTES = 32
/** Bytes of an attribute's value, such as a list of languages or the model of a machine. */
export const ATTRIBUTE_VALUE_BYTES = 128

/** Buckets of an inventory: one for each first byte of H(nodeKey). */
export const INVENTORY_BUCKETS = 256
/** Nodes in one inventory: forty times the fifty thousand that an epoch is built for. */
export const INVENTORY_ENTRIES = 2_097_152
/** Nodes in one bucket: all of them, because keys can be ground until their hashes begin alike. */
export const BUCKET_ENTRIES: number = INVENTORY_ENTRIES
/** Message hashes in a list of an inventory: sixteen times what one epoch lets in, and 2 MB. */
export const INVENTORY_HASHES = 65_536

/** Tasks that a keeper opens in one message. With more than that, it sends several. */
export const KNOWN_ANSWERS = 4096
/** Bytes of a known answer: a label, a grade, a few boxes; never a document. */
export const ANSWER_BYTES = 4096
/** Siblings that prove them: a megabyte, as a message has. Of tasks that follow each other a few dozen are needed. */
export const KNOWN_SIBLINGS = 32_768
/** Siblings in a proof: a tree of four billion leaves. */
export const PROOF_SIBLINGS = 32

/** Bytes of an appeal's reason: a sentence or two. */
export const REASON_BYTES = 500

/**
 * Epochs that a lease runs: two days of five minutes. A job that asks for more gets so many, because a deal is kept
 * while a lease of it runs.
 */
export const LEASE_EPOCHS = 512

/** Bytes of one output: a scaled photo, a page's text. Larger things are outputs by their hash. */
export const OUTPUT_BYTES = 1_048_576
/**
 * Bytes of all outputs of one batch: what a checker has to hold at once to hash it. A node whose outputs are longer
 * puts fewer rows into a batch.
 */
export const BATCH_OUTPUT_BYTES = 67_108_864
/** Stints in one report: all of 50,000 nodes when there are three verifiers, with as many carried ones, and more. */
export const REPORT_STINTS = 262_144
/** Answers in one stint: its rows, at most. */
export const STINT_ANSWERS = 65_536
/** Scores in one stint: one for each job of a measured kind. */
export const STINT_SCORES = 1024
/**
 * Evidence in one report: everybody checks each piece, for up to ten seconds. Of more, wrong rows are shown in the next
 * epochs, equivocations are not.
 */
export const REPORT_EVIDENCE = 64
/** Bytes of a report: 50,000 nodes with 20 rows of 100-byte answers, three checkers each among ten verifiers, is 42 MB. */
export const REPORT_BYTES = 67_108_864
/** Score of one, in millionths. */
export const SCORE_ONE = 1_000_000

/** Kinds in the facts: ten are built in, others are somebody's own. */
export const FACTS_KINDS = 4096
/** Verifiers in the facts: 64 are active, and as many may join in an epoch as the chain lets in. */
export const FACTS_VERIFIERS = 4096
/**
 * Jobs that one epoch's facts create, open or close: making so many would lock up thousands of SOL in rent, and take
 * an hour of all the blocks of a cluster.
 */
export const FACTS_JOBS = 1_048_576
/** Bytes of an epoch's facts: all of those at once. */
export const FACTS_BYTES = 268_435_456
/** All of FACTS_KINDS, at 16 bytes each. */
export const KINDS_BYTES = 65_536

/** Owners that had one task: past them it is dealt to nobody any more. Sixteen times the replicas that a job can ask for. */
export const TASK_OWNERS = 4096
/** Answers of one task that wait to be judged: twice the replicas that a job can ask for. Later ones are unpaid. */
export const TASK_ANSWERS = 512
/** Bytes of an output of a kind judged across nodes: they wait in the state. Longer ones are unpaid. */
export const JUDGED_OUTPUT_BYTES = 65_536
/** Bytes of such outputs in one stint: 500 long ones, or 32,000 short ones. Later ones are unpaid. */
export const STINT_ANSWER_BYTES = 33_554_432
/** What a kind remembers of a job: some numbers for each of 50,000 workers. More is forgotten. */
export const MEMORY_BYTES = 4_194_304
