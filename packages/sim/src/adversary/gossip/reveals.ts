// Reveals of every sort that can come by gossip. All verifiers but the last have committed to what they tell of node 0.
import { revealOf } from './messages.ts'
import type { Said } from './said.ts'
import { hashOf, VERIFIERS, verifierKey } from './verifier.ts'

const EACH = 8
const CUTS = [0, 1, 31, 32, 64, 95, 96, 97, 120, 140]

function each(count: number, say: (i: number) => Omit<Said, 'topic'>): readonly Said[] {
  return Array.from({ length: count }, (_, i) => ({ topic: 'reveals', ...say(i) }))
}

/** Verifier 0 hears them; the last has not committed. */
export const COMMITTED: readonly number[] = Array.from({ length: VERIFIERS - 2 }, (_, i) => 1 + i)
const LAST = VERIFIERS - 1

/** Before what is committed can be revealed. */
export function revealsTooSoon(networkId: Uint8Array, when: string): readonly Said[] {
  return each(COMMITTED.length, (i) => ({
    name: `of verifier ${1 + i} ${when}`,
    bytes: revealOf({ networkId, verifierId: 1 + i }),
  }))
}

export function revealsOfPhase(networkId: Uint8Array): readonly Said[] {
  const of = (verifierId: number): Uint8Array => revealOf({ networkId, verifierId })
  return [
    ...each(EACH, (i) => ({
      name: `of epoch ${3 + i}, which has not begun`,
      bytes: revealOf({ networkId, epoch: 3 + i }),
    })),
    ...each(EACH, (i) => ({
      name: `of verifier ${VERIFIERS + i}, whom nobody knows`,
      bytes: revealOf({ networkId, verifierId: VERIFIERS + i, key: verifierKey(1) }),
    })),
    ...each(EACH, (i) => ({
      name: `of verifier 1, signed by verifier ${2 + i}`,
      bytes: revealOf({ networkId, key: verifierKey(2 + i) }),
    })),
    ...each(EACH, (i) => ({ name: `changed after it was signed: ${i}`, bytes: changed(of(1), 32 + i) })),
    ...each(EACH, (i) => ({
      name: `of verifier ${LAST}, which has committed to nothing: ${i}`,
      bytes: revealOf({ networkId, verifierId: LAST, node: i }),
    })),
    ...each(EACH, (i) => ({
      name: `of another network: ${i}`,
      bytes: revealOf({ networkId: hashOf(`network ${i}`) }),
    })),
    ...each(EACH, (i) => ({
      name: `with another salt: ${i}`,
      bytes: revealOf({ networkId, salt: hashOf(`salt ${i}`) }),
    })),
    ...each(EACH, (i) => ({
      name: `of another report than was committed: ${i}`,
      bytes: revealOf({ networkId, node: 1 + i }),
    })),
    ...each(COMMITTED.length, (i) => ({
      name: `of verifier ${1 + i}, as it was committed`,
      bytes: of(1 + i),
    })),
    ...each(COMMITTED.length, (i) => ({ name: `of verifier ${1 + i}, again`, bytes: of(1 + i) })),
    ...CUTS.flatMap((length) =>
      each(1, () => ({ name: `cut to ${length} bytes`, bytes: of(1).subarray(0, length) })),
    ),
    ...each(1, () => ({ name: 'one byte too long', bytes: Buffer.concat([of(1), new Uint8Array(1)]) })),
  ]
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ 1)
}
