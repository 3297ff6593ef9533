// Keys of the peers of a lab, from their names, and the network they are in.
import { createHash } from 'node:crypto'
import { keyFromSecret, type SigningKey } from '@piecework/protocol'

export function secretOf(name: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`peer ${name}`).digest())
}

export const keyOf = (name: string): SigningKey => keyFromSecret(secretOf(name))

export const NETWORK: Uint8Array = secretOf('network')
export const EPOCH = 0
