// A report of a verifier, signed, with the commit that it opens.
import {
  joinReveal,
  joinSigned,
  keyFromSecret,
  reportCodec,
  reportCommit,
  reportHash,
  type SigningKey,
} from '@piecework/protocol'
import { hashOf } from './bare.ts'

export const reporter: SigningKey = keyFromSecret(hashOf('key of vote key 1'))
const salt = new Uint8Array(32)

export interface Revealed {
  readonly bytes: Uint8Array
  readonly commit: Uint8Array
}

/** Of verifier 1, for epoch 0. Different ones by the nodes that they tell of. */
export function reportOf(networkId: Uint8Array, node: number): Revealed {
  const found = { epoch: 0, node, traces: [], delivered: [], answers: [], scores: [] }
  const verifierId = 1
  const message = reportCodec.encode({ networkId, epoch: 0, verifierId, stints: [found], evidence: [] })
  const hash = reportHash(networkId, message)
  const bytes = joinReveal({ salt, signed: joinSigned({ signature: reporter.sign(hash), message }) })
  return { bytes, commit: reportCommit({ networkId, epoch: 0, verifierId, salt, reportHash: hash }) }
}
