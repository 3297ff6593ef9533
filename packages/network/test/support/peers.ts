// What each numbered peer of a test is made of.
import { createHash } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import { keyFromSecret } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit/random'
import { peerIdOf } from '../../src/libp2p/keys.ts'
import type { NetworkPorts } from '../../src/libp2p.ts'
import { timers } from './timers.ts'

export const NETWORK_ID: Uint8Array = new Uint8Array(32).fill(7)

export const secretOf = (number: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`secret ${number}`).digest())

export const peer = (number: number): PeerId => peerIdOf(keyFromSecret(secretOf(number)).publicKey)

export function portsOf(number: number): NetworkPorts {
  const random = new SeededRandom(`network ${number}`)
  return { time: timers, random: () => random.float() }
}
