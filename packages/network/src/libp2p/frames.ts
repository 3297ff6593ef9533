// One question and one answer on a stream: frames of four bytes of length and so many bytes. A frame that is too long,
// or for which there is no room, is refused by its length alone.
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { u32le } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { tooLong } from '../exchange.ts'
import { type Release, Shares } from './shares.ts'

/** Frames that are being read or written at once, in bytes: fifteen of the longest uploads, or thirty full deliveries. */
const BYTES_UNDER_WAY = 268_435_456
/** Lengths and the answer's first byte, which stand before what is limited. */
const LENGTH_BYTES = 4
const EXTRA_BYTES = 64

/** Memory for what comes and goes on all streams together. */
export const makeRoom = (): Shares => new Shares(BYTES_UNDER_WAY)

export interface Frames {
  /** `announced` is told the length as soon as it is here, and room for it taken. */
  read(signal: AbortSignal, announced?: (length: number) => void): Promise<Uint8Array>
  /** Nothing more is read: what still comes is thrown away. */
  hearNoMore(): Promise<void>
  /** Takes room for what is to be written, because it lies here until a slow reader has it; throws when there is none. */
  reserve(bytes: number): void
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Whether there was no room for something of it. */
  readonly isCrowded: boolean
  /** Gives back the room of what was read and written. */
  done(): void
}

export interface FrameBounds {
  readonly limit: number
  /** Room for so many bytes. */
  readonly take: (bytes: number) => Release | undefined
}

/** To be called in the same turn in which the stream is given: what it brings before has no listener. */
export function framesOf(stream: Stream, { limit, take }: FrameBounds): Frames {
  const taken: Release[] = []
  let isCrowded = false
  let tell: ((length: number) => void) | undefined
  const reserve = (bytes: number): void => {
    const release = take(bytes)
    isCrowded ||= release === undefined
    if (release === undefined) throw noRoom(bytes)
    taken.push(release)
  }
  const frames = lpStream(stream, {
    maxBufferSize: limit + EXTRA_BYTES,
    maxLengthLength: LENGTH_BYTES,
    lengthEncoder: u32le,
    lengthDecoder(bytes) {
      if (bytes.byteLength < LENGTH_BYTES) throw new RangeError('there is more to come')
      const length = bytes.getUint32(0, true)
      if (length > limit) throw tooLong('what is sent here', length, limit)
      reserve(length)
      tell?.(length)
      return length
    },
  })
  return {
    read: async (signal, announced) => {
      tell = announced
      const { buffer, byteOffset, byteLength } = (await frames.read({ signal })).subarray()
      return new Uint8Array(buffer, byteOffset, byteLength)
    },
    hearNoMore: () => stream.closeRead(),
    reserve,
    write: (bytes, signal) => frames.write(bytes, { signal }),
    get isCrowded() {
      return isCrowded
    },
    done() {
      for (const release of taken.splice(0)) release()
    },
  }
}

function noRoom(length: number): NetworkError {
  const sentence = `There is no room for ${length} bytes beside what is under way already: ask again later.`
  return new NetworkError('network/busy', sentence, { length })
}
