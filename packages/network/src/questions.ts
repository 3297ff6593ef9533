// What is asked of one peer, and answered: the values. Their bytes are SSZ, in codecs/; limits are in limits.ts.
// Epochs, indices and units are numbers; money is bigint; keys and hashes are 32 bytes.

/**
 * What content can be fetched by. Each is checked against the hash it was asked by, whoever sent it:
 * content: SHA-256 (specs, inputs, the kinds' parameters). page, manifest: of a state, by page hash and state hash.
 * inventory: a header by the posted root. part: a bucket or list of one, by partHash. heads: hashes of a chain's batches
 * from seq 0 up to the head asked for, 32 bytes each. batch, enrolment, known, appeal: signed bytes by message hash.
 * reveal: salt and signed report by the commit they open. facts: by factsHash. proposal: what a proposer put together,
 * by attestation hash.
 */
export type Sort =
  | 'content'
  | 'page'
  | 'manifest'
  | 'inventory'
  | 'part'
  | 'heads'
  | 'batch'
  | 'enrolment'
  | 'known'
  | 'appeal'
  | 'reveal'
  | 'facts'
  | 'proposal'

export interface DataQuestion {
  readonly sort: Sort
  readonly hashes: readonly Uint8Array[]
}

/** Something too long for one answer: it is asked for in pieces. */
export interface LongData {
  readonly longBytes: number
}

export interface DataAnswer {
  /** In the order of the question; undefined where it is not there. Shorter than the question when the answer is full: ask for the rest again. */
  readonly found: readonly (Uint8Array | LongData | undefined)[]
}

export interface PieceQuestion {
  readonly sort: Sort
  readonly hash: Uint8Array
  /** The first byte of it that is asked for, and how many from there on. */
  readonly at: number
  readonly bytes: number
}

export interface PieceAnswer {
  /** How long the whole is; undefined where it is not there. */
  readonly wholeBytes: number | undefined
  /** As many as were asked for, or up to its end. */
  readonly bytes: Uint8Array
}

/** The requester of a job that is on chain hands over its spec, and what the spec needs. */
export interface UploadQuestion {
  /** Address of the Job account. */
  readonly job: Uint8Array
  readonly bytes: Uint8Array
}

export interface UploadAnswer {
  /** SHA-256 of what is kept now. */
  readonly hash: Uint8Array
  /** All that the job needs is here: the verifier will say so on chain. */
  readonly complete: boolean
}

/** A node's part of the deal of an epoch, as far as jobs have opened. */
export interface WorkQuestion {
  readonly epoch: number
  readonly nodeKey: Uint8Array
}

export interface DealtTask {
  readonly job: number
  readonly task: number
}

export interface WorkAnswer {
  /** The node's index; undefined while it is not enrolled. */
  readonly node: number | undefined
  /** In dealing order. */
  readonly tasks: readonly DealtTask[]
}

/** The output behind a row, with the salt that opens its commit. */
export interface RowOpening {
  readonly seq: number
  readonly row: number
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

/** A node hands its outputs to a checker; as many messages as it takes. */
export interface DeliverQuestion {
  readonly epoch: number
  readonly nodeKey: Uint8Array
  readonly openings: readonly RowOpening[]
}

export interface DeliverAnswer {
  /** How many of them open their rows and are kept. */
  readonly kept: number
}

/** A checker asks a node for the outputs of its rows. */
export interface OpenQuestion {
  readonly epoch: number
  readonly rows: readonly { readonly seq: number; readonly row: number }[]
}

export interface OpenAnswer {
  /** As many as fit; the rest is asked for again. */
  readonly openings: readonly RowOpening[]
}

export interface StatusQuestion {
  readonly nodeKey: Uint8Array
  /** Results from this epoch on. */
  readonly from: number
}

export type Outcome = 'paid' | 'carried' | 'failed'

export interface StintResult {
  readonly epoch: number
  readonly outcome: Outcome
  /** Rows admitted, and of them those that were paid. */
  readonly rows: number
  readonly paidRows: number
  readonly pay: bigint
  /** For people: why it is not paid, or empty. */
  readonly reason: string
  /** Who checks a carried stint: verifier ids. */
  readonly checkers: readonly number[]
}

export interface NodeStanding {
  readonly node: number
  readonly account: number | undefined
  readonly bond: bigint
  readonly vouched: bigint
  readonly held: bigint
  readonly target: bigint
  readonly barredUntil: number
  readonly failedAt: number
  /** Of the enrolment that holds: by these a node sees that a new one has entered, and when it has to renew. */
  readonly nonce: bigint
  readonly expiresAtEpoch: number
}

export interface StatusAnswer {
  /** The newest state this verifier has applied. */
  readonly epoch: number
  /** Signed acknowledgements of the node's head in the epochs whose work is under way. */
  readonly acks: readonly Uint8Array[]
  /** Undefined while it is not enrolled. */
  readonly standing: NodeStanding | undefined
  readonly results: readonly StintResult[]
}

export interface LedgerQuestion {
  readonly ledger: 'accounts' | 'jobs' | 'slashes'
  /** Wallet, requester or operator; with `index` given that one leaf of its. */
  readonly owner: Uint8Array
  readonly index: number | undefined
}

export interface LedgerAnswer {
  /** Of the newest final root that this verifier knows. */
  readonly epoch: number
  /** The owner's leaves, ascending; as many as fit. */
  readonly leaves: readonly ProvenLeaf[]
}

export interface ProvenLeaf {
  readonly index: number
  readonly amount: bigint
  /** Zero but for accounts. */
  readonly minAmount: bigint
  readonly maxFee: bigint
  /** False but for jobs. */
  readonly done: boolean
  readonly rest: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** What a verifier wants on chain; a settler asks, because it pays. */
export type Offer =
  | { readonly what: 'inventory' | 'commit'; readonly epoch: number; readonly value: Uint8Array }
  | { readonly what: 'holding'; readonly epoch: number; readonly job: Uint8Array }
  | {
      readonly what: 'proposal'
      readonly epoch: number
      readonly round: number
      /** SSZ bytes of the attestation. */
      readonly attestation: Uint8Array
    }
  | {
      readonly what: 'vote'
      readonly epoch: number
      readonly round: number
      /** Hash of the attestation. */
      readonly value: Uint8Array
    }

export interface OffersQuestion {
  /** The settler's wallet: the next proposal names it. */
  readonly settler: Uint8Array
}

export interface OffersAnswer {
  readonly verifierId: number
  readonly offers: readonly Offer[]
}

/** Asks for a signature under a transaction that holds exactly what was offered. */
export interface CosignQuestion {
  /** The transaction's message as it is signed on Solana. */
  readonly message: Uint8Array
}

export interface CosignAnswer {
  readonly signature: Uint8Array
}

/** A contributor without SOL asks a settler to carry its claim. */
export interface RelayQuestion {
  readonly epoch: number
  readonly wallet: Uint8Array
  readonly leaf: ProvenLeaf
}

export interface RelayAnswer {
  /** Of the transaction, base58. */
  readonly signature: string
  /** What reached the wallet, and what the carrier kept. */
  readonly paid: bigint
  readonly fee: bigint
}

/** A requester asks for the paid outputs of its job that this verifier holds. */
export interface ResultsQuestion {
  readonly job: number
  readonly epoch: number
  /** How many of this epoch's results to leave out: those that it has. */
  readonly after: number
}

export interface ResultsAnswer {
  /** The newest epoch that is settled. */
  readonly settled: number
  /** As many as fit. Empty: there are no more. */
  readonly results: readonly TaskResult[]
}

export interface TaskResult {
  readonly task: number
  /** Who did it: its index, which says nothing of the person. */
  readonly node: number
  readonly units: number
  /** Seconds since 1970, as the node said. */
  readonly at: number
  /** Its row: the receipt. */
  readonly batch: Uint8Array
  readonly row: number
  readonly output: Uint8Array
}

/** A keeper asks which tasks of its job an epoch judges: those that it opens in it. */
export interface FinishedQuestion {
  readonly job: number
  readonly epoch: number
}

export interface FinishedAnswer {
  /** The newest epoch that is settled; -1: none. Which tasks they are is known when it is two before that epoch, or one. */
  readonly settled: number
  /** Of which nothing is out with anybody any more, and that have no result yet; ascending, as many as fit. */
  readonly tasks: readonly number[]
}
