// Bundles of batches, true and not: said to a hub over real connections, which judges each part as it would alone.
import type { RuleId } from '@piecework/network'
import { BUNDLE_BATCHES, GOSSIP_BYTES } from '@piecework/network'
import { bundleCodec } from '@piecework/network/libp2p'
import { Chains, verifySignature } from '@piecework/protocol'
import { NAMES, NETWORK_ID } from '../raw/hub.ts'
import { batchOf } from './messages.ts'
import type { Judged } from './play.ts'
import { type Sent, saidToHub } from './said-to-hub.ts'
import { nodeKey } from './verifier.ts'

const [WIRE = ''] = NAMES.topics('bundles')
/** Beyond the nodes of other cases. */
const FIRST_NODE = 5_000

let node = FIRST_NODE
const fresh = (): Uint8Array => batchOf({ networkId: NETWORK_ID, key: nodeKey(node++) })
const many = (count: number): Uint8Array[] => Array.from({ length: count }, fresh)

/** By someone who signs for nobody. */
function forged(): Uint8Array {
  const bytes = fresh()
  bytes.set(bytes.subarray(0, 1).map((byte) => byte ^ 1))
  return bytes
}

/** As the codec would write it if it had no bound. */
function unbounded(batches: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(4 * batches.length + batches.reduce((sum, { length }) => sum + length, 0))
  const view = new DataView(bytes.buffer)
  let at = 4 * batches.length
  for (const [i, batch] of batches.entries()) {
    view.setUint32(4 * i, at, true)
    bytes.set(batch, at)
    at += batch.length
  }
  return bytes
}

function sentOf(): readonly Sent[] {
  const [known, alsoKnown] = [fresh(), fresh()]
  const full = many(BUNDLE_BATCHES)
  const pair = bundleCodec.encode(many(2))
  const same = fresh()
  const named: readonly (readonly [string, Uint8Array])[] = [
    ['of one batch', bundleCodec.encode([known])],
    ['of as many as there may be', bundleCodec.encode(full)],
    ['of the same in another order', bundleCodec.encode(full.toReversed())],
    ['of a known one and a new one', bundleCodec.encode([known, alsoKnown])],
    ['of two known ones', bundleCodec.encode([alsoKnown, known])],
    ['of two known ones and a new one', bundleCodec.encode([known, alsoKnown, fresh()])],
    ['of the same one twice', bundleCodec.encode([same, same])],
    ['of a forged one', bundleCodec.encode([forged()])],
    ['of good ones and a forged one', bundleCodec.encode([...many(3), forged()])],
    ['of a forged one and good ones', bundleCodec.encode([forged(), ...many(3)])],
    ['of good ones and one that is too short', bundleCodec.encode([fresh(), fresh().subarray(0, 100)])],
    ['of one more than there may be', unbounded(many(BUNDLE_BATCHES + 1))],
    ['of nothing', new Uint8Array()],
    ['of an empty batch', bundleCodec.encode([new Uint8Array()])],
    ['without its end', pair.subarray(0, -1)],
    ['without its beginning', pair.subarray(1)],
    ['with a byte after its end', Uint8Array.of(...pair, 0)],
    [
      'with a gap before its first batch',
      Uint8Array.of(12, 0, 0, 0, ...pair.subarray(4, 8), 0, ...pair.subarray(8)),
    ],
    ['that is a batch', fresh()],
    ['one byte longer than a message may be', new Uint8Array(GOSSIP_BYTES + 1)],
  ]
  return named.map(([name, bytes]) => ({ topic: 'bundles', name, bytes, wire: WIRE }))
}

/** As a verifier judges batches, with any node enrolled. */
function judgeOf(): (bytes: Uint8Array) => RuleId {
  const chains = new Chains({ networkId: NETWORK_ID, epoch: 0, verify: verifySignature, isNode: () => true })
  return (bytes) => {
    const { status } = chains.add(bytes)
    if (status === 'refused') return 'bad-signature'
    return status === 'accepted' ? 'sound' : status
  }
}

export function playBundles(): Promise<readonly Judged[]> {
  return saidToHub(sentOf(), judgeOf())
}
