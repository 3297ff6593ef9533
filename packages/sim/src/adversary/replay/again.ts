// What was said once, said again where it does not belong: as it was, or with what it names changed under its signature.
import {
  batchCodec,
  enrolmentCodec,
  joinEnrolment,
  joinReveal,
  joinSigned,
  knownCodec,
  reportCodec,
  splitEnrolment,
  splitReveal,
  splitSigned,
} from '@piecework/protocol'
import type { Said } from '../gossip/said.ts'

/** What a message claims to be of. */
export interface Place {
  readonly networkId?: Uint8Array
  readonly epoch?: number
  /** Of known answers. */
  readonly job?: number
}

/** The same signatures over a message that names another network, epoch or job. */
export function moved({ topic, name, bytes }: Said, place: Place, how: string): Said {
  return { topic, name: `${name}, ${how}`, bytes: movedBytes(topic, bytes, place) }
}

function movedBytes(topic: Said['topic'], bytes: Uint8Array, place: Place): Uint8Array {
  if (topic === 'batches') {
    const { signature, message } = splitSigned(bytes)
    return joinSigned({ signature, message: batchCodec.encode({ ...batchCodec.decode(message), ...place }) })
  }
  if (topic === 'enrolments') {
    const parts = splitEnrolment(bytes)
    const { networkId } = place
    const enrolment = enrolmentCodec.decode(parts.message)
    const message = enrolmentCodec.encode({ ...enrolment, ...(networkId && { networkId }) })
    return joinEnrolment({ ...parts, message })
  }
  if (topic === 'known') {
    const { signature, message } = splitSigned(bytes)
    return joinSigned({ signature, message: knownCodec.encode({ ...knownCodec.decode(message), ...place }) })
  }
  const { salt, signed } = splitReveal(bytes)
  const { signature, message } = splitSigned(signed)
  const report = reportCodec.encode({ ...reportCodec.decode(message), ...place })
  return joinReveal({ salt, signed: joinSigned({ signature, message: report }) })
}

/** The bytes of one topic, on another. */
export function elsewhere({ topic, name, bytes }: Said): readonly Said[] {
  const others = (['batches', 'enrolments', 'reveals', 'known'] as const).filter((other) => other !== topic)
  return others.map((other) => ({ topic: other, name: `${name}, as one of ${other}`, bytes }))
}
