// What one inventory may list of opened known answers: so much that no honest keeper meets it, and so little that it is
// written to disk at once with the rest of an inventory, and that an inventory of others can't fill the memory.
import { KNOWN_JOB_BYTES, KNOWN_JOB_MESSAGES } from '@piecework/network'

/** All messages of an epoch, signed: sixteen jobs with as much as one may have, or a thousand with five hundred tasks. */
export const KNOWN_BYTES = 16_777_216
/** Each is looked at by itself, by everybody: a thousand signatures are a fraction of a second. */
export const KNOWN_MESSAGES = 1024

interface Share {
  readonly messages: number
  readonly bytes: number
}

const NOTHING: Share = { messages: 0, bytes: 0 }

/** A message whose bytes are held, and its job. */
export interface HeldKnown {
  readonly job: number
  readonly bytes: Uint8Array
}

export class KnownRoom {
  readonly #jobs = new Map<number, Share>()
  #all: Share = NOTHING

  has({ job, bytes: { length } }: HeldKnown): boolean {
    const ofJob = withOne(this.#jobs.get(job), length)
    const all = withOne(this.#all, length)
    const fitsJob = ofJob.messages <= KNOWN_JOB_MESSAGES && ofJob.bytes <= KNOWN_JOB_BYTES
    return fitsJob && all.messages <= KNOWN_MESSAGES && all.bytes <= KNOWN_BYTES
  }

  /** False without room for it. */
  take(held: HeldKnown): boolean {
    if (!this.has(held)) return false
    const { length } = held.bytes
    this.#jobs.set(held.job, withOne(this.#jobs.get(held.job), length))
    this.#all = withOne(this.#all, length)
    return true
  }
}

function withOne({ messages, bytes }: Share = NOTHING, length: number): Share {
  return { messages: messages + 1, bytes: bytes + length }
}
