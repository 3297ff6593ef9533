// A message is the same when its bytes are: nobody's sequence number makes it another.
import { createHash } from 'node:crypto'
import type { Message } from '@libp2p/gossipsub'

export function messageId({ topic, data }: Message): Uint8Array {
  return new Uint8Array(createHash('sha256').update(topic).update('\0').update(data).digest())
}
