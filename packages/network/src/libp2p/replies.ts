// A reply is two frames: a byte that says what it is, and the answer or the sentence of a refusal.
import type { Stream } from '@libp2p/interface'
import { u32le } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { type Asked, failures } from '../exchange.ts'
import { REFUSAL_BYTES } from '../limits.ts'
import type { Frames } from './frames.ts'

const ANSWERED = 0
const REFUSED = 1
const BUSY = 2

export async function writeAnswer(frames: Frames, answer: Uint8Array, signal: AbortSignal): Promise<void> {
  await frames.write(Uint8Array.of(ANSWERED), signal)
  await frames.write(answer, signal)
}

export async function writeRefusal(frames: Frames, sentence: string, signal: AbortSignal): Promise<void> {
  await frames.write(Uint8Array.of(REFUSED), signal)
  await frames.write(new TextEncoder().encode(sentence), signal)
}

export function writeBusy(frames: Frames, signal: AbortSignal): Promise<void> {
  return frames.write(Uint8Array.of(BUSY), signal)
}

/** Says so to who has no place here: nothing that it sends is kept, and it has until the signal to go. */
export async function turnAway(stream: Stream, signal: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<void>()
  stream.addEventListener('close', () => gone.resolve(), { once: true })
  signal.addEventListener('abort', () => gone.resolve(), { once: true })
  try {
    await stream.closeRead({ signal })
    stream.send(Uint8Array.of(...u32le(1), BUSY))
    await stream.close({ signal })
    if (stream.status === 'open') await gone.promise
  } catch {
    // It went first.
  } finally {
    stream.abort(new Error('it was told that there is no place for it'))
  }
}

export async function readReply(
  frames: Frames,
  { asked, signal }: { readonly asked: Asked; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const [what, ...more] = await frames.read(signal)
  if (what === BUSY) throw failures.busy(asked)
  if (more.length > 0 || (what !== ANSWERED && what !== REFUSED)) throw noReply(asked)
  const body = await frames.read(signal)
  if (what === ANSWERED) return body
  if (body.length > REFUSAL_BYTES) throw noReply(asked)
  throw failures.refused(asked, new TextDecoder().decode(body))
}

function noReply({ protocol }: Asked): NetworkError {
  const sentence = `What the peer sent is no reply to ${protocol}: ask another.`
  return new NetworkError('network/malformed', sentence, { protocol })
}
