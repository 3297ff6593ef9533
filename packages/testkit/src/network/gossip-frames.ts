// What a peer says on a stream of gossipsub, made by hand: with whatever is in it, as often as somebody likes.

/** Bits of a varint's byte that carry its value. */
const SEVEN_BITS = 128

/** Number and wire type of a protobuf field. */
const FIELD = {
  subscription: 10,
  message: 18,
  subscribes: 8,
  subscriptionTopic: 18,
  data: 18,
  topic: 34,
  control: 26,
  graft: 26,
  graftTopic: 10,
} as const

export interface RawMessage {
  readonly topic: string
  readonly data: Uint8Array
}

export function subscriptionsFrame(topics: readonly string[]): Uint8Array {
  const all = topics.map((topic) =>
    field(FIELD.subscription, [FIELD.subscribes, 1, ...field(FIELD.subscriptionTopic, textOf(topic))]),
  )
  return framed(all)
}

export function messagesFrame(messages: readonly RawMessage[]): Uint8Array {
  const all = messages.map(({ topic, data }) =>
    field(FIELD.message, Buffer.concat([field(FIELD.data, data), field(FIELD.topic, textOf(topic))])),
  )
  return framed(all)
}

/** Asks to be told of every message of these topics at once. */
export function graftsFrame(topics: readonly string[]): Uint8Array {
  const all = topics.map((topic) => field(FIELD.graft, field(FIELD.graftTopic, textOf(topic))))
  return framed([field(FIELD.control, Buffer.concat(all))])
}

/** The length of a frame that does not come. */
export function frameLength(length: number): Uint8Array {
  return Uint8Array.from(varint(length))
}

export function framed(fields: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(fields)
  return new Uint8Array(Buffer.concat([Uint8Array.from(varint(body.length)), body]))
}

export function field(key: number, bytes: ArrayLike<number>): Uint8Array {
  return Buffer.concat([Uint8Array.from([key, ...varint(bytes.length)]), Uint8Array.from(bytes)])
}

function textOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function varint(value: number): readonly number[] {
  if (value < SEVEN_BITS) return [value]
  return [(value % SEVEN_BITS) + SEVEN_BITS, ...varint(Math.floor(value / SEVEN_BITS))]
}
