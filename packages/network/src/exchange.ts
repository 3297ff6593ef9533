// Both ends of a question, whatever carries it: values to bytes within their limits, and what goes wrong as NetworkErrors.
import { ProtocolError, toHex } from '@piecework/protocol'
import { NetworkError } from './errors.ts'
import { GOSSIP_BYTES, REFUSAL_BYTES } from './limits.ts'
import type { Until } from './port.ts'
import type { Form, Protocol } from './protocols.ts'
import type { NetworkTopic } from './topics.ts'

export function questionBytes<Question, Answer>(
  protocol: Protocol<Question, Answer>,
  question: Question,
): Uint8Array {
  const { name, maxQuestionBytes } = protocol
  return encode(protocol.question, question, { what: `a question of ${name}`, limit: maxQuestionBytes })
}

export function answerBytes<Question, Answer>(
  protocol: Protocol<Question, Answer>,
  answer: Answer,
): Uint8Array {
  const { name, maxAnswerBytes } = protocol
  return encode(protocol.answer, answer, { what: `an answer of ${name}`, limit: maxAnswerBytes })
}

export function readQuestion<Question, Answer>(
  protocol: Protocol<Question, Answer>,
  bytes: Uint8Array,
): Question {
  return reading(`a question of ${protocol.name}`, () => protocol.question.decode(bytes))
}

export function readAnswer<Question, Answer>(
  protocol: Protocol<Question, Answer>,
  bytes: Uint8Array,
): Answer {
  return reading(`an answer of ${protocol.name}`, () => protocol.answer.decode(bytes))
}

interface Bound {
  readonly what: string
  readonly limit: number
}

function encode<T>(form: Form<T>, value: T, { what, limit }: Bound): Uint8Array {
  const bytes = reading(what, () => form.encode(value))
  if (bytes.length > limit) throw tooLong(what, bytes.length, limit)
  return bytes
}

/** What a form throws is an error of the network: of its own make, because others may use other forms. */
function reading<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const code = error instanceof ProtocolError && error.code === 'bytes/too-long' ? 'too-long' : 'malformed'
    throw new NetworkError(`network/${code}`, `This is not ${what}: ${sentenceOf(error)}`, { what })
  }
}

export function tooLong(what: string, length: number, limit: number): NetworkError {
  const sentence = `${what} may have ${limit} bytes, and this one has ${length}: send less at once.`
  return new NetworkError('network/too-long', sentence, { what, length, limit })
}

export function checkGossip(topic: NetworkTopic, message: Uint8Array): void {
  if (message.length <= GOSSIP_BYTES) return
  throw tooLong(`a message of ${topic}`, message.length, GOSSIP_BYTES)
}

/** The sentence by which a refusal reaches the asker: cut, because what is thrown may say anything. */
export function refusalOf(error: unknown): string {
  const bytes = new TextEncoder().encode(sentenceOf(error).toWellFormed())
  return new TextDecoder().decode(bytes.subarray(0, REFUSAL_BYTES)).replace(/\uFFFD+$/, '')
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What went wrong on the way to a peer, or there. */
export const failures: {
  readonly [Name in 'unreachable' | 'unsupported' | 'timeout' | 'givenUp' | 'busy' | 'stopped' | 'refused']: (
    asked: Asked,
    why?: string,
  ) => NetworkError
} = {
  unreachable: (asked, why = 'it is not connected, and no address of it is known') =>
    failure('network/unreachable', asked, `There is no way to peer ${toHex(asked.peer)}: ${why}.`),
  unsupported: (asked) =>
    failure(
      'network/unsupported',
      asked,
      `Peer ${toHex(asked.peer)} does not answer ${asked.protocol}: ask another.`,
    ),
  timeout: (asked) =>
    failure(
      'network/timeout',
      asked,
      `Peer ${toHex(asked.peer)} did not answer ${asked.protocol} in time: ask another, or later.`,
    ),
  givenUp: (asked) =>
    failure(
      'network/given-up',
      asked,
      `Nobody waits any longer for what peer ${toHex(asked.peer)} answers to ${asked.protocol}: ask again if it is still wanted.`,
    ),
  busy: (asked, why = `peer ${toHex(asked.peer)} has too many questions under way`) =>
    failure('network/busy', asked, `${asked.protocol} was not asked: ${why}. Ask again later.`),
  stopped: (asked) =>
    failure('network/stopped', asked, `The network does not run: ${asked.protocol} was not asked.`),
  refused: (asked, why = 'it does not say why') => failure('network/refused', asked, why),
}

export interface Asked {
  readonly protocol: string
  readonly peer: Uint8Array
  /** Of who gives it up. */
  readonly signal?: AbortSignal
}

export function askedOf(protocol: string, to: Uint8Array | Until): Asked {
  return to instanceof Uint8Array ? { protocol, peer: to } : { protocol, peer: to.peer, signal: to.signal }
}

function failure(code: NetworkError['code'], { protocol, peer }: Asked, sentence: string): NetworkError {
  return new NetworkError(code, sentence, { protocol, peer: toHex(peer) })
}

export function nobodyListens(topic: NetworkTopic): NetworkError {
  const sentence = `Nobody took a message of ${topic} until its deadline: look whether a hub can be reached.`
  return new NetworkError('network/nobody-listens', sentence, { topic })
}

export function alreadyTaken(what: string): NetworkError {
  const sentence = `${what} has somebody who answers for it already: end that first.`
  return new NetworkError('option/invalid', sentence, { what })
}
