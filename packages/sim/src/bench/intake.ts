// `bench intake`: what a verifier does with every batch that gossip brings: decode, verify, chain, deduplicate, keep.
// Beside it the one thing that nobody can do without: OpenSSL's check of the same signatures, with keys at hand.
import { createPublicKey, type KeyObject, verify as verifyBare } from 'node:crypto'
import {
  Chains,
  type HeldBatch,
  h,
  keyFromSecret,
  type Row,
  readBatch,
  SIGNATURE_BYTES,
  signBatch,
  u32le,
  verifySignature,
  viewOf,
  ZERO_HASH,
} from '@piecework/protocol'
import { atLeast, type Bench, type Measured } from './types.ts'

const NODES = 200
const BATCHES_PER_NODE = 20
const ROWS = 64
const BATCHES = NODES * BATCHES_PER_NODE

/** Of the batches, this share comes before the one that it follows, and this share comes once more. */
const OUT_OF_ORDER = 0.1
const DUPLICATES = 0.25

/** Both take turns, and each counts with its best: what else the machine does slows either. */
const ROUNDS = 5

const NETWORK = h('pw/state', u32le(1))
const EPOCH = 7

/** A number below `bound` that is the same in every run. */
function below(bound: number, ...label: readonly number[]): number {
  return viewOf(h('pw/shuffle', ...label.map(u32le))).getUint32(0, true) % bound
}

function rowsOf(node: number, seq: number): Row[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const commit = h('pw/commit', u32le(node), u32le(seq), u32le(i))
    return { job: i % 5, task: seq * ROWS + i, units: 1, at: 1_790_000_000, commit }
  })
}

function chainOf(node: number): HeldBatch[] {
  const key = keyFromSecret(h('pw/enrol', u32le(node)))
  const chain: HeldBatch[] = []
  while (chain.length < BATCHES_PER_NODE) {
    const seq = chain.length
    const prev = chain.at(-1)?.hash ?? ZERO_HASH
    const batch = {
      networkId: NETWORK,
      epoch: EPOCH,
      nodeKey: key.publicKey,
      seq,
      prev,
      rows: rowsOf(node, seq),
    }
    chain.push(readBatch(signBatch(batch, key.sign)))
  }
  return chain
}

/** What arrives: all nodes at once, a few batches early, some again a while later. Each in bytes of its own. */
function arrivals(chains: readonly (readonly HeldBatch[])[]): Uint8Array[] {
  const timed: { readonly at: number; readonly signed: Uint8Array }[] = []
  for (const [node, chain] of chains.entries()) {
    for (const { seq, signed } of chain) {
      const early = below(1000, node, seq, 1) < 1000 * OUT_OF_ORDER
      const at = 1000 * (early ? seq - 1.5 : seq) + below(400, node, seq, 2)
      timed.push({ at, signed })
      if (below(1000, node, seq, 3) < 1000 * DUPLICATES) timed.push({ at: at + 1500, signed: signed.slice() })
    }
  }
  return timed.sort((a, b) => a.at - b.at).map(({ signed }) => signed)
}

/** What became of the arrivals, by status; throws unless every chain is whole in the end. */
function takeIn(feed: readonly Uint8Array[]): ReadonlyMap<string, number> {
  const chains = new Chains({ networkId: NETWORK, epoch: EPOCH, verify: verifySignature, isNode: () => true })
  const counts = new Map<string, number>()
  for (const signed of feed) {
    const { status } = chains.add(signed)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  const kept = [...chains.all()].reduce((sum, { batches }) => sum + batches.length, 0)
  if (kept !== BATCHES) throw new Error(`${kept} of ${BATCHES} batches are in their chains`)
  return counts
}

interface Check {
  readonly key: KeyObject
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

function bareChecks(chains: readonly (readonly HeldBatch[])[]): Check[] {
  return chains.flatMap((chain) => {
    const x = Buffer.from(chain[0]?.nodeKey ?? ZERO_HASH).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return chain.map(({ hash, signed }) => ({ key, hash, signature: signed.subarray(0, SIGNATURE_BYTES) }))
  })
}

function checkBare(checks: readonly Check[]): void {
  for (const { key, hash, signature } of checks) {
    if (!verifyBare(null, hash, key, signature)) throw new Error('a signature is wrong')
  }
}

function seconds(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1000
}

function measure(): Measured {
  const chains = Array.from({ length: NODES }, (_, node) => chainOf(node))
  const feed = arrivals(chains)
  const checks = bareChecks(chains)
  let counts: ReadonlyMap<string, number> = new Map()
  let [ours, bare] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < ROUNDS; round++) {
    bare = Math.min(
      bare,
      seconds(() => checkBare(checks)),
    )
    ours = Math.min(
      ours,
      seconds(() => {
        counts = takeIn(feed)
      }),
    )
  }
  const count = (status: string): number => counts.get(status) ?? 0
  return {
    figures: {
      nodes: NODES,
      'rows a batch': ROWS,
      batches: BATCHES,
      arrivals: feed.length,
      'of them duplicates': count('duplicate'),
      'of them ahead of their place': count('waiting'),
      'batches a second': Math.round(BATCHES / ours),
      'receipts a second': Math.round((BATCHES * ROWS) / ours),
      'bare verifications a second': Math.round(BATCHES / bare),
    },
    bars: [atLeast('of bare verification', bare / ours, 0.6)],
  }
}

export const bench: Bench = {
  name: 'intake',
  about:
    'Signed 64-row batches decoded, verified, chained and deduplicated, beside bare verification of the same.',
  run: async () => measure(),
}
