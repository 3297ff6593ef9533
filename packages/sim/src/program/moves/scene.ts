// What a move can look at, and what it is.
import type { SeededRandom } from '@piecework/testkit'
import type { TransactionInstruction } from '@solana/web3.js'
import type { Actors } from '../actors.ts'
import type { KnownJobs } from '../jobs.ts'
import type { ProgramNetwork } from '../network.ts'
import type { Final, Settling } from '../settling.ts'

export interface Scene {
  readonly network: ProgramNetwork
  readonly actors: Actors
  readonly jobs: KnownJobs
  readonly settling: Settling
  readonly random: SeededRandom
}

/** The instructions of one transaction; none when there is nothing yet that it could be about. */
export type Move = (scene: Scene) => readonly TransactionInstruction[]

export function pick<T>(random: SeededRandom, list: readonly T[]): T | undefined {
  return list[random.below(list.length)]
}

/** Mostly the newest final ledgers, else older ones, down to those that the program has forgotten. */
export function someFinal({ settling, random }: Scene): Final | undefined {
  return random.chance(0.6) ? settling.finals.at(-1) : pick(random, settling.finals)
}
