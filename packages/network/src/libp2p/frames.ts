// One question and one answer on a stream: frames of four bytes of length and so many bytes. A frame that is too long,
// or for which there is no room, is refused by its length alone.
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { u32le } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { tooLong } from '../exchange.ts'

/** Frames that are being read at once, in bytes: fifteen of the longest uploads, or thirty full deliveries. */
const BYTES_UNDER_WAY = 268_435_456
/** Lengths and the answer's first byte, which stand before what is limited. */
const LENGTH_BYTES = 4
const EXTRA_BYTES = 64

/** Memory for what is being read from all streams together. */
export class Room {
  #left = BYTES_UNDER_WAY

  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }
}

export interface Frames {
  read(signal: AbortSignal): Promise<Uint8Array>
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Gives back the room of what was read. */
  done(): void
}

/** To be called in the same turn in which the stream is given: what it brings before has no listener. */
export function framesOf(stream: Stream, { limit, room }: { limit: number; room: Room }): Frames {
  let taken = 0
  const frames = lpStream(stream, {
    maxBufferSize: limit + EXTRA_BYTES,
    maxLengthLength: LENGTH_BYTES,
    lengthEncoder: u32le,
    lengthDecoder(bytes) {
      if (bytes.byteLength < LENGTH_BYTES) throw new RangeError('there is more to come')
      const length = bytes.getUint32(0, true)
      if (length > limit) throw tooLong('what is sent here', length, limit)
      if (!room.take(length)) throw noRoom(length)
      taken += length
      return length
    },
  })
  return {
    read: async (signal) => {
      const { buffer, byteOffset, byteLength } = (await frames.read({ signal })).subarray()
      return new Uint8Array(buffer, byteOffset, byteLength)
    },
    write: (bytes, signal) => frames.write(bytes, { signal }),
    done() {
      room.give(taken)
      taken = 0
    },
  }
}

function noRoom(length: number): NetworkError {
  const sentence = `There is no room for ${length} bytes beside what is being read already: ask again later.`
  return new NetworkError('network/busy', sentence, { length })
}
