import type { Topic } from '@piecework/network'

/** Something that is said in gossip, and what it is called in the record. */
export interface Said {
  readonly topic: Topic
  readonly name: string
  readonly bytes: Uint8Array
}
