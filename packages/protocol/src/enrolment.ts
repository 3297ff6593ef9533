// Enrolments: what the wallet's owner reads and signs, how one is checked, and which of an epoch's enter.
import { toBase58 } from './base58.ts'
import { compareBytes, equalBytes, toHex } from './bytes.ts'
import { enrolmentCodec, type SignedEnrolment, splitEnrolment } from './codecs.ts'
import { isAcceptableKey } from './ed25519-rule.ts'
import { ProtocolError } from './errors.ts'
import { messageHash } from './hash.ts'
import type { EnrolmentInput } from './inputs.ts'
import type { Enrolment } from './messages.ts'
import { leadingZeroBits, stampHash } from './stamp.ts'
import type { Verify } from './verify.ts'

export function enrolmentHash(networkId: Uint8Array, message: Uint8Array): Uint8Array {
  return messageHash('pw/enrol', networkId, message)
}

/**
 * The UTF-8 text that a wallet signs: a person can read what it allows, and any wallet can show it. The last line
 * names the whole enrolment, so that the text can't stand for another.
 */
export function walletText(enrolment: Enrolment, hash: Uint8Array): string {
  const kinds = enrolment.kinds.map(({ kind, capacity }) => `${kind} (up to ${capacity} tasks an epoch)`)
  return [
    'Piecework: a node works for my wallet',
    '',
    'What this node earns is paid to my wallet. Signing moves no money.',
    '',
    `Network: ${toBase58(enrolment.networkId)}`,
    `Node: ${toBase58(enrolment.nodeKey)}`,
    `Wallet: ${toBase58(enrolment.wallet)}`,
    `Kinds of work: ${kinds.length === 0 ? 'none, the node leaves' : kinds.join(', ')}`,
    `Others may carry a claim of at least: ${enrolment.minAmount} (smallest units)`,
    `for a fee of at most: ${enrolment.maxFee} (smallest units)`,
    `Valid until epoch: ${enrolment.expiresAtEpoch}`,
    `Number: ${enrolment.nonce}`,
    `Enrolment: ${toHex(hash)}`,
  ].join('\n')
}

export function walletTextBytes(enrolment: Enrolment, hash: Uint8Array): Uint8Array {
  return new TextEncoder().encode(walletText(enrolment, hash))
}

/** In place of the wallet, in a renewal that the node key signs alone: the wallet stays the one that it was. */
export function isRenewal({ wallet }: Enrolment): boolean {
  return wallet.every((byte) => byte === 0)
}

export interface EnrolmentContext {
  readonly networkId: Uint8Array
  readonly stampBits: number
  readonly verify: Verify
}

/** A signed enrolment as it arrived, all of it checked but for what the state knows of its node. */
export function readEnrolment(bytes: Uint8Array, context: EnrolmentContext): EnrolmentInput {
  const parts = splitEnrolment(bytes)
  const enrolment = enrolmentCodec.decode(parts.message)
  const { networkId, stampBits } = context
  if (!equalBytes(enrolment.networkId, networkId)) throw invalid('it is for another network')
  const input: EnrolmentInput = {
    enrolment,
    hash: enrolmentHash(networkId, parts.message),
    stampHash: stampHash(networkId, parts.message),
    byWallet: !isRenewal(enrolment),
  }
  const bits = leadingZeroBits(input.stampHash)
  if (bits < stampBits) throw invalid(`its stamp has ${bits} zero bits, and ${stampBits} are asked for`)
  checkSignatures(input, parts, context.verify)
  return input
}

function checkSignatures(
  { enrolment, hash, byWallet }: EnrolmentInput,
  { nodeSignature, walletSignature }: SignedEnrolment,
  verify: Verify,
): void {
  // Cheap signatures first: whether a key is acceptable takes milliseconds.
  if (!verify(enrolment.nodeKey, hash, nodeSignature)) throw unsigned('node key')
  if (!byWallet && walletSignature !== undefined) throw invalid('it names no wallet, but one signed it')
  if (byWallet) {
    const text = walletTextBytes(enrolment, hash)
    if (walletSignature === undefined || !verify(enrolment.wallet, text, walletSignature))
      throw unsigned('wallet')
  }
  if (!isAcceptableKey(enrolment.nodeKey)) throw badKey('node')
  if (byWallet && !isAcceptableKey(enrolment.wallet)) throw badKey('wallet')
}

/**
 * Those that enter, in their order. The highest nonce of a node key wins, and equal ones void each other: nobody
 * could say which was meant. Then the best stamps come first, so that a flood has to pay for its places.
 */
export function selectEnrolments(inputs: readonly EnrolmentInput[], maxEnrolments: number): EnrolmentInput[] {
  const byNode = Map.groupBy(inputs, ({ enrolment }) => toHex(enrolment.nodeKey))
  const latest = [...byNode.values()].map(latestOf).filter((input) => input !== undefined)
  latest.sort(
    (a, b) =>
      compareBytes(a.stampHash, b.stampHash) || compareBytes(a.enrolment.nodeKey, b.enrolment.nodeKey),
  )
  return latest.slice(0, maxEnrolments)
}

function latestOf(inputs: readonly EnrolmentInput[]): EnrolmentInput | undefined {
  let latest: EnrolmentInput | undefined
  let contested = false
  for (const input of inputs) {
    if (latest === undefined || input.enrolment.nonce > latest.enrolment.nonce) {
      latest = input
      contested = false
    } else if (input.enrolment.nonce === latest.enrolment.nonce && !equalBytes(input.hash, latest.hash)) {
      contested = true
    }
  }
  return contested ? undefined : latest
}

function invalid(why: string): ProtocolError {
  return new ProtocolError('enrolment/invalid', `This enrolment can't enter: ${why}.`, { why })
}

function unsigned(who: string): ProtocolError {
  return new ProtocolError('signature/invalid', `This enrolment is not signed by its ${who}: drop it.`, {
    who,
  })
}

function badKey(who: string): ProtocolError {
  const message = `The ${who} key of this enrolment is none that all software agrees on: make a new key.`
  return new ProtocolError('signature/bad-key', message, { who })
}
