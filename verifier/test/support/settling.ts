// An epoch without work, up to its first round: what a proposer and those who vote begin with.
import { type Epoch, postValues, propose as proposeOnChain, seatsOf } from '@piecework/chain'
import { protocols } from '@piecework/network'
import {
  attestationHash,
  drawProposer,
  inventoryRoot,
  keyFromSecret,
  kindsCodec,
  makeInventory,
  partHash,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import { SLOTS_TO_FINALITY } from '@piecework/testkit/settlement'
import { computeEpoch } from '../../src/common/compute.ts'
import type { Computed } from '../../src/common/epoch-work.ts'
import { factsAfter } from '../../src/common/facts.ts'
import { commitsFrom, revealsFrom, roundsFrom } from '../../src/common/moment.ts'
import { Gather } from '../../src/gather.ts'
import type { Proposal } from '../../src/proposal.ts'
import { Reveals } from '../../src/reveals.ts'
import { type Bare, bare, hashOf } from './bare.ts'
import { reportOf } from './reports.ts'

export interface Settling extends Bare {
  /** What the other two serve, by the hexadecimal of its hash. */
  readonly given: Map<string, Uint8Array>
}

/**
 * All three posted empty inventories, which are here, and the first round has begun. Nothing was committed, or the report
 * of verifier 1, which is here too.
 */
export async function settling({
  isReported = false,
}: {
  readonly isReported?: boolean
} = {}): Promise<Settling> {
  const rules = kindsCodec.encode([])
  const all = await bare(undefined, { kindsHash: hashOf(Buffer.from(rules).toString()) })
  const { net, chain, shared, networks, moment } = all
  await shared.content.keep(hashOf(Buffer.from(rules).toString()), rules)
  const { networkId, nodes } = shared
  await net.until((await net.epoch(0)).endsAt)
  const given = new Map<string, Uint8Array>()
  const posts = [0, 1, 2].map((verifierId) => {
    const none = {
      heads: new Uint8Array(),
      nodes: new Uint32Array(),
      seqs: new Uint32Array(),
      enrolments: [],
    }
    const contents = {
      networkId,
      epoch: 0,
      verifierId,
      secretHash: ZERO_HASH,
      known: [],
      appeals: [],
      ...none,
    }
    const { header, buckets, ...lists } = makeInventory(contents, nodes.bucketOf)
    const value = inventoryRoot(networkId, { ...lists, header, buckets }.header)
    given.set(toHex(value), header)
    for (const piece of [...buckets, lists.enrolments, lists.known, lists.appeals])
      given.set(toHex(partHash(piece)), piece)
    return { voteKey: net.voteKey(verifierId), value }
  })
  for (const id of [1, 2]) {
    const other = networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey)
    other.answer(protocols.data, async ({ hashes }) => ({
      found: hashes.map((hash) => given.get(toHex(hash))),
    }))
    await other.start()
  }
  await net.does([postValues(chain.at, { what: 'inventory', number: 0, posts })])
  shared.others.see(await moment())
  shared.epochs.open(0)
  const gather = new Gather(shared)
  await gather.see(await moment())
  await gather.idle()
  const sealed = await net.seal(0)
  if (isReported) await report({ ...all, given }, sealed)
  await net.until(roundsFrom(sealed))
  return { ...all, given }
}

async function report({ net, chain, shared, moment, given }: Settling, sealed: Epoch): Promise<void> {
  const { bytes, commit } = reportOf(shared.networkId, 0)
  given.set(toHex(commit), bytes)
  await net.until(commitsFrom(sealed))
  const posts = [{ voteKey: net.voteKey(1), value: commit }]
  await net.does([postValues(chain.at, { what: 'commit', number: 0, posts })])
  await net.until(revealsFrom(sealed))
  const reveals = new Reveals(shared)
  await reveals.see(await moment(revealsFrom(sealed)))
  await reveals.fetch(shared.epochs.open(0), await net.epoch(0), { reveals: [1], others: [] })
}

/** What an honest proposer puts together of these inventories, and of no report. */
export async function propose({ shared }: Settling, inventories: readonly number[]): Promise<Computed> {
  const [work, state] = [shared.epochs.open(0), shared.states.at(-1)]
  if (state === undefined) throw new Error('there is no genesis state')
  const facts = await factsAfter(shared, { state, asOf: 'commits', commitment: 'confirmed' })
  const choice = { round: 0, settler: hashOf('a settler'), inventories, reveals: [], others: [] }
  return computeEpoch(shared, { work, state, facts, choice })
}

/** It is the candidate on chain, and can't be rolled back. Gives its hash. */
export async function putForward({ net, chain }: Settling, { attestation }: Proposal): Promise<Uint8Array> {
  const { networkId: _, epoch: number, seed, previous: __, ...rest } = attestation
  const candidates = seatsOf(await net.epoch(number))
  const drawn = drawProposer({ seed, round: rest.round, candidates }) ?? -1
  await net.does([proposeOnChain(chain.at, { ...rest, number, proposer: net.voteKey(drawn) })])
  await net.until((await net.epoch(number)).roundFrom + SLOTS_TO_FINALITY)
  return attestationHash(attestation)
}

/** Voted for by all three, and final; for everybody once it can't be rolled back. */
export async function finalize({ net }: Settling): Promise<void> {
  await net.vote(0, [0, 1, 2])
  await net.finalize(0)
}

export async function tillFinality({ net, chain }: Settling): Promise<void> {
  await net.until((await chain.accounts([])).slot + SLOTS_TO_FINALITY + 1)
}
