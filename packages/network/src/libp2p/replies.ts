// A reply is two frames: a byte that says what it is, and the answer or the sentence of a refusal.

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
