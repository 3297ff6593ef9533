// What peers say in gossip, signed by whoever an adversary has the keys of.
import {
  type Batch,
  type Enrolment,
  enrolmentCodec,
  enrolmentHash,
  joinEnrolment,
  joinReveal,
  joinSigned,
  keyFromSecret,
  leadingZeroBits,
  type Report,
  type Row,
  reportCodec,
  reportCommit,
  reportHash,
  type SigningKey,
  signBatch,
  stampHash,
  walletText,
  ZERO_HASH,
} from '@piecework/protocol'
import { hashOf, STAMP_BITS, verifierKey } from './verifier.ts'

/** Worth of stamps: too little, enough, and surely better than those. */
export const TOO_LITTLE: readonly [number, number] = [0, STAMP_BITS]
export const ENOUGH: readonly [number, number] = [STAMP_BITS, STAMP_BITS + 2]
export const GOOD: readonly [number, number] = [STAMP_BITS + 2, 256]
export const SALT: Uint8Array = new Uint8Array(32).fill(5)

export function rowsOf(count: number, job = 0): readonly Row[] {
  return Array.from({ length: count }, (_, task) => ({
    job,
    task,
    units: 1,
    at: 0,
    commit: hashOf(`${task}`),
  }))
}

export interface BatchPlan extends Partial<Batch> {
  readonly networkId: Uint8Array
  readonly key: SigningKey
}

/** The first of its node in epoch 0, but for what is said otherwise. */
export function batchOf({ networkId, key, ...changed }: BatchPlan): Uint8Array {
  const nothing = { epoch: 0, seq: 0, prev: ZERO_HASH, rows: rowsOf(1) }
  return signBatch({ networkId, nodeKey: key.publicKey, ...nothing, ...changed }, (hash) => key.sign(hash))
}

export interface EnrolmentPlan extends Partial<Omit<Enrolment, 'wallet'>> {
  readonly networkId: Uint8Array
  readonly key: SigningKey
  /** Signs it too; without it it is a renewal. */
  readonly wallet?: SigningKey
  /** What its stamp is worth: at least so many bits, and less than so many. */
  readonly worth?: readonly [number, number]
}

export function enrolmentOf({ key, wallet, worth = ENOUGH, ...changed }: EnrolmentPlan): Uint8Array {
  const terms = { kinds: [], attributes: [], minAmount: 0n, maxFee: 0n, expiresAtEpoch: 90 }
  const keys = { nodeKey: key.publicKey, wallet: wallet?.publicKey ?? ZERO_HASH }
  const enrolment = stamped({ nonce: 1n, ...terms, ...keys, ...changed, stamp: 0n }, worth)
  const { networkId } = enrolment
  const message = enrolmentCodec.encode(enrolment)
  const hash = enrolmentHash(networkId, message)
  const walletSignature = wallet?.sign(new TextEncoder().encode(walletText(enrolment, hash)))
  return joinEnrolment({ nodeSignature: key.sign(hash), walletSignature, message })
}

function stamped(enrolment: Enrolment, [least, tooMuch]: readonly [number, number]): Enrolment {
  const { networkId } = enrolment
  for (let stamp = 0n; ; stamp++) {
    const message = enrolmentCodec.encode({ ...enrolment, stamp })
    const bits = leadingZeroBits(stampHash(networkId, message))
    if (bits >= least && bits < tooMuch) return { ...enrolment, stamp }
  }
}

export interface RevealPlan extends Partial<Report> {
  readonly networkId: Uint8Array
  readonly key?: SigningKey
  readonly salt?: Uint8Array
  /** Of what it tells: different ones are different reports. */
  readonly node?: number
}

/** Of verifier 1 in epoch 0, but for what is said otherwise. */
export function revealOf({ networkId, key, salt = SALT, node = 0, ...changed }: RevealPlan): Uint8Array {
  const { verifierId = 1, epoch = 0 } = changed
  const stint = { epoch: 0, node, traces: [], delivered: [], answers: [], scores: [] }
  const message = reportCodec.encode({
    networkId,
    epoch,
    verifierId,
    stints: [stint],
    evidence: [],
    ...changed,
  })
  const signer = key ?? verifierKey(verifierId)
  return joinReveal({
    salt,
    signed: joinSigned({ signature: signer.sign(reportHash(networkId, message)), message }),
  })
}

export function commitOf(networkId: Uint8Array, verifierId: number): Uint8Array {
  const stint = { epoch: 0, node: 0, traces: [], delivered: [], answers: [], scores: [] }
  const message = reportCodec.encode({ networkId, epoch: 0, verifierId, stints: [stint], evidence: [] })
  return reportCommit({
    networkId,
    epoch: 0,
    verifierId,
    salt: SALT,
    reportHash: reportHash(networkId, message),
  })
}

export const stranger = (number: number): SigningKey => keyFromSecret(hashOf(`stranger ${number}`))
