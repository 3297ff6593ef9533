// Enrolments of every sort that can come by gossip.
import { joinEnrolment, splitEnrolment } from '@piecework/protocol'
import { enrolmentOf, GOOD, stranger, TOO_LITTLE } from './messages.ts'
import type { Said } from './said.ts'
import { ENROLMENTS, hashOf, nodeKey, verifierKey } from './verifier.ts'

const EACH = 8
/** Wait for a place: sixteen times as many as enter at once. */
const PLACES = 16 * ENROLMENTS
/** Far more than that many worse stamps. */
const FLOOD = 8
const CUTS = [0, 1, 8, 63, 64, 100, 128, 200, 230, 240]

function each(count: number, say: (i: number) => Omit<Said, 'topic'>): readonly Said[] {
  return Array.from({ length: count }, (_, i) => ({ topic: 'enrolments', ...say(i) }))
}

export function enrolmentsOfNobody(networkId: Uint8Array): readonly Said[] {
  return each(EACH, (i) => ({
    name: `a stranger's before anything is known: ${i}`,
    bytes: enrolmentOf({ networkId, key: stranger(i) }),
  }))
}

export function enrolmentsOfWork(networkId: Uint8Array): readonly Said[] {
  const renewal = (i: number): Uint8Array => enrolmentOf({ networkId, key: stranger(i) })
  const signedByBoth = (i: number): Uint8Array =>
    enrolmentOf({ networkId, key: stranger(100 + i), wallet: stranger(i) })
  return [
    ...each(EACH, (i) => ({ name: `signed by its node alone: ${i}`, bytes: renewal(i) })),
    ...each(EACH, (i) => ({ name: `signed by its node alone, again: ${i}`, bytes: renewal(i) })),
    ...each(EACH, (i) => ({ name: `signed by node and wallet: ${i}`, bytes: signedByBoth(i) })),
    ...each(EACH, (i) => ({
      name: `of a node that is enrolled with this number: ${i}`,
      bytes: enrolmentOf({ networkId, key: nodeKey(i), nonce: 0n }),
    })),
    ...each(EACH, (i) => ({
      name: `renewed by a node that is enrolled: ${i}`,
      bytes: enrolmentOf({ networkId, key: nodeKey(i), nonce: 5n }),
    })),
    ...each(EACH, (i) => ({
      name: `with a stamp that is worth too little: ${i}`,
      bytes: enrolmentOf({ networkId, key: stranger(200 + i), worth: TOO_LITTLE }),
    })),
    ...each(EACH, (i) => ({
      name: `of another network: ${i}`,
      bytes: enrolmentOf({ networkId: hashOf(`network ${i}`), key: stranger(i) }),
    })),
    ...each(EACH, (i) => ({
      name: `signed by another node: ${i}`,
      bytes: signedAs(renewal(300 + i), { node: verifierKey(1).sign(hashOf('something')) }),
    })),
    ...each(EACH, (i) => ({
      name: `signed by another wallet: ${i}`,
      bytes: signedAs(signedByBoth(300 + i), { wallet: stranger(1).sign(hashOf('something')) }),
    })),
    ...each(EACH, (i) => ({
      name: `without the signature of the wallet that it names: ${i}`,
      bytes: signedAs(signedByBoth(400 + i), { wallet: undefined }),
    })),
    ...CUTS.flatMap((length) =>
      each(1, () => ({ name: `cut to ${length} bytes`, bytes: renewal(0).subarray(0, length) })),
    ),
    ...[1, 2, 64].flatMap((extra) =>
      each(1, () => ({
        name: `${extra} bytes too long`,
        bytes: Buffer.concat([renewal(0), new Uint8Array(extra)]),
      })),
    ),
  ]
}

/** Until all places are taken, and worse ones than those that wait. */
export function enrolmentsInFlood(networkId: Uint8Array): readonly Said[] {
  return [
    ...each(PLACES, (i) => ({
      name: `with a good stamp: ${i}`,
      bytes: enrolmentOf({ networkId, key: stranger(1_000 + i), worth: GOOD }),
    })),
    ...each(FLOOD, (i) => ({
      name: `with a stamp worse than all that wait: ${i}`,
      bytes: enrolmentOf({ networkId, key: stranger(5_000 + i) }),
    })),
  ]
}

function signedAs(
  bytes: Uint8Array,
  by: { readonly node?: Uint8Array; readonly wallet?: Uint8Array | undefined },
): Uint8Array {
  const { nodeSignature, walletSignature, message } = splitEnrolment(bytes)
  const wallet = 'wallet' in by ? by.wallet : walletSignature
  return joinEnrolment({ nodeSignature: by.node ?? nodeSignature, walletSignature: wallet, message })
}
