// What travels and is signed: the values. Their bytes are SSZ, in codecs.ts; limits are in limits.ts.
// Epochs, indices and units are numbers; money is bigint; keys and hashes are 32 bytes, signatures 64.

export interface KindCapacity {
  readonly kind: number
  /** Tasks per epoch that the node declares it can do. */
  readonly capacity: number
}

/** A plain claim (language, country, cell, hardware) that jobs can ask for. */
export interface Attribute {
  readonly name: string
  readonly value: string
}

export interface Enrolment {
  readonly networkId: Uint8Array
  readonly nodeKey: Uint8Array
  readonly wallet: Uint8Array
  /** Ascending by kind. None means leaving. */
  readonly kinds: readonly KindCapacity[]
  /** Ascending by name. */
  readonly attributes: readonly Attribute[]
  /** What the wallet allows a carrier of its claims: the least amount worth carrying, and the most it may cost. */
  readonly minAmount: bigint
  readonly maxFee: bigint
  readonly expiresAtEpoch: number
  readonly nonce: bigint
  /** A number that makes the stamp's hash small. */
  readonly stamp: bigint
}

export interface Row {
  readonly job: number
  readonly task: number
  readonly units: number
  /** Seconds since 1970, for display; it never decides money. */
  readonly at: number
  readonly commit: Uint8Array
}

export interface Batch {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly nodeKey: Uint8Array
  readonly seq: number
  /** Hash of the batch before it in the same epoch, zero for the first. */
  readonly prev: Uint8Array
  readonly rows: readonly Row[]
}

/** A verifier's word that it holds a node's chain up to this head. */
export interface Ack {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  readonly nodeKey: Uint8Array
  readonly seq: number
  readonly head: Uint8Array
}

export interface InventoryEntry {
  readonly node: number
  readonly seq: number
  readonly head: Uint8Array
}

/** The message whose hash is the inventory root that a verifier posts. */
export interface Inventory {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  /** Hash of each of the 256 buckets of entries, by the first byte of H(nodeKey). */
  readonly buckets: readonly Uint8Array[]
  /** Hashes of the ascending lists of message hashes it holds. */
  readonly enrolments: Uint8Array
  readonly known: Uint8Array
  readonly appeals: Uint8Array
  /** Hash of the secret with which it measures in the epoch after the next: that has not begun when this is posted. */
  readonly secretHash: Uint8Array
}

export interface KnownAnswer {
  readonly task: number
  /** 16 bytes of salt, then the output. Nothing follows where the requester knows no answer: that is opened as well. */
  readonly answer: Uint8Array
}

/** A keeper opens what it knows, and what it doesn't, of the tasks that are judged in this epoch: all or none. */
export interface Known {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly job: number
  /** Who signs it: so the hash names the one message that all hold, and its job's spec has to name the same key. */
  readonly keeper: Uint8Array
  /** Ascending by task. */
  readonly answers: readonly KnownAnswer[]
  /** Of all of them at once, to the root in the job's spec. */
  readonly proof: readonly Uint8Array[]
}

export interface Appeal {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly nodeKey: Uint8Array
  readonly job: number
  readonly task: number
  readonly reason: string
}

/** An output of a kind judged across nodes, opened against its row's commit. */
export interface Answer {
  readonly seq: number
  readonly row: number
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

export interface MeasuredScore {
  readonly job: number
  /** In millionths. */
  readonly score: number
}

/** What a checker found of one stint: T_1 .. T_k of the chain it holds, with the delivered bits behind them. */
export interface StintReport {
  readonly epoch: number
  readonly node: number
  readonly traces: readonly Uint8Array[]
  /** One bitmap for each trace, ceil(rows / 8) bytes, first row in the lowest bit. */
  readonly delivered: readonly Uint8Array[]
  readonly answers: readonly Answer[]
  readonly scores: readonly MeasuredScore[]
}

/** Proof that a node faked a row, or signed two different batches for one place. Batches are signed bytes as they arrived. */
export interface Evidence {
  readonly what: 'row' | 'equivocation'
  readonly first: Uint8Array
  /** The other batch of an equivocation, else empty. */
  readonly second: Uint8Array
  /** Index of the faked row in `first`, with its opening. */
  readonly row: number
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

export interface Report {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  /** Ascending by (epoch, node): exactly the stints drawn for this verifier. */
  readonly stints: readonly StintReport[]
  readonly evidence: readonly Evidence[]
}

export interface LedgerRoot {
  readonly root: Uint8Array
  readonly count: number
  readonly total: bigint
}

export interface Attestation {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly round: number
  readonly seed: Uint8Array
  readonly factsHash: Uint8Array
  readonly inputsRoot: Uint8Array
  /** Hash of the attestation before it, zero for the first. */
  readonly previous: Uint8Array
  readonly accounts: LedgerRoot
  readonly jobs: LedgerRoot
  readonly slashes: LedgerRoot
  readonly nodesRoot: Uint8Array
  readonly workforceRoot: Uint8Array
  readonly stateHash: Uint8Array
}
