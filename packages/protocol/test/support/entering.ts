// Enrolments of an epoch, as verifiers list them.
import type { Epoch } from '../../src/apply/apply.ts'
import { compareBytes } from '../../src/bytes.ts'
import { h } from '../../src/hash.ts'
import type { EnrolmentInput } from '../../src/inputs.ts'
import type { Enrolment } from '../../src/messages.ts'

interface Marks {
  readonly byWallet?: boolean
  readonly stamp?: number
}

const KINDS = [{ kind: 1, capacity: 5 }]

/** An enrolment that was read and checked; its stamp's hash is the number given, so that tests know the order. */
export function enrolmentOf(
  change: Partial<Enrolment>,
  { byWallet = true, stamp = 0 }: Marks = {},
): EnrolmentInput {
  const enrolment: Enrolment = {
    networkId: new Uint8Array(32),
    nodeKey: new Uint8Array(32).fill(1),
    wallet: byWallet ? new Uint8Array(32).fill(2) : new Uint8Array(32),
    kinds: KINDS,
    attributes: [],
    minAmount: 0n,
    maxFee: 0n,
    expiresAtEpoch: 1_000_000,
    nonce: 1n,
    stamp: 0n,
    ...change,
  }
  const stampHash = new Uint8Array(32).fill(stamp)
  const hash = h(
    'pw/enrol',
    enrolment.nodeKey,
    enrolment.wallet,
    Uint8Array.of(Number(enrolment.nonce), stamp),
  )
  return { enrolment, hash, stampHash, byWallet }
}

/** The epoch with these enrolments, listed by the verifiers given: by all of them, if none are given. */
export function entering(
  epoch: Epoch,
  enrolments: readonly EnrolmentInput[],
  listedBy?: readonly number[],
): Epoch {
  const hashes = enrolments.map(({ hash }) => hash).sort(compareBytes)
  const inventories = epoch.inputs.inventories.map((data) => {
    const lists = listedBy === undefined || listedBy.includes(data.header.verifierId)
    return lists ? { ...data, enrolments: hashes } : data
  })
  return { ...epoch, inputs: { ...epoch.inputs, inventories, enrolments } }
}
