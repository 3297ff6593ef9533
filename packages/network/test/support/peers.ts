// What each numbered peer of a test is made of.
import { createHash } from 'node:crypto'
import { SeededRandom } from '@piecework/testkit/random'
import type { NetworkPorts } from '../../src/libp2p.ts'
import { timers } from './timers.ts'

export const NETWORK_ID: Uint8Array = new Uint8Array(32).fill(7)

export const secretOf = (number: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`secret ${number}`).digest())

export function portsOf(number: number): NetworkPorts {
  const random = new SeededRandom(`network ${number}`)
  return { time: timers, random: () => random.float() }
}
