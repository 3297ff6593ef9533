// What a row can be worth, and what may be charged to a job.
import type { Job } from './facts.ts'

export const BPS_ONE = 10_000n
export const PPM_ONE = 1_000_000n
/** A score of one, in millionths. */
export const SCORE_UNIT = 1_000_000n
export const U64_MAX: bigint = (1n << 64n) - 1n

/** Of one row: what its node could gain by faking it. */
export function rowValue(job: Job, units: number): bigint {
  return job.rule === 'piece' ? job.price * BigInt(units) : replicaValue(job)
}

/** The most that one replica can earn. */
export function replicaValue(job: Job): bigint {
  return (job.rule === 'piece' ? job.price : job.capPrice) * BigInt(job.maxUnits)
}

export interface Fees {
  readonly verifiers: bigint
  readonly settler: bigint
}

/** On top of this pay, per job and epoch. */
export function feesOn(job: Job, pay: bigint): Fees {
  return {
    verifiers: (pay * BigInt(job.verifierBps)) / BPS_ONE,
    settler: (pay * BigInt(job.settleBps)) / BPS_ONE,
  }
}

/** Pay with its fees. */
export function costOf(job: Job, pay: bigint): bigint {
  const fees = feesOn(job, pay)
  return pay + fees.verifiers + fees.settler
}

/** The greatest pay whose cost is at most `money`. */
export function affordablePay(job: Job, money: bigint): bigint {
  let pay = (money * BPS_ONE) / (BPS_ONE + BigInt(job.verifierBps) + BigInt(job.settleBps))
  // Fees are rounded down, so that one or two more units may fit.
  while (costOf(job, pay + 1n) <= money) pay += 1n
  return pay
}

/** The bond that makes faking rows of this value lose more than it gains, at this rate of draws: 2 v (1 - rate) / rate. */
export function exposureOf(value: bigint, rate: number): bigint {
  const ppm = BigInt(rate)
  if (ppm === 0n) return 0n
  const exposure = (2n * value * (PPM_ONE - ppm)) / ppm
  // No bond can be more, because none of the amounts that fill it can.
  return exposure < U64_MAX ? exposure : U64_MAX
}
