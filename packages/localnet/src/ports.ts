// What the local chain takes from outside, so that a test can hold it in its hand.
import { randomBytes } from 'node:crypto'

export interface Ports {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  /** Calls `tick` every so many milliseconds, until what it returns is called. */
  readonly every: (milliseconds: number, tick: () => void) => () => void
  /** Told what a person at the terminal should know. */
  readonly warn: (message: string) => void
}

/** The machine's own clock, randomness and timers. */
export const systemPorts: Ports = {
  now: () => Date.now(),
  random: (bytes) => randomBytes(bytes),
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds)
    return () => clearInterval(timer)
  },
  warn: (message) => console.error(message),
}
