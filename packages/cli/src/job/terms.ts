// What a job costs: on chain, in the token's smallest units.
import type { Params } from '@piecework/chain'
import { unitsOf } from '../common/money.ts'
import type { Pay } from './job-file.ts'

const BPS = 10_000n

export interface Terms {
  readonly price: bigint
  readonly capPrice: bigint
  readonly deposit: bigint
  /** Of all tasks, if each is worth the most that it can be. */
  readonly pay: bigint
  readonly fees: bigint
}

export function termsOf(
  pay: Pay,
  decimals: number,
  { verifierBps, settleBps }: Pick<Params, 'verifierBps' | 'settleBps'>,
): Terms {
  const price = unitsOf(pay.price, decimals)
  const capPrice = unitsOf(pay.capPrice, decimals)
  const replicas = BigInt(pay.tasks) * BigInt(pay.replicas)
  const each = (pay.rule === 'piece' ? price : capPrice) * BigInt(pay.maxUnits)
  const total = replicas * each
  const feeOf = (bps: number): bigint => (total * BigInt(bps) + BPS - 1n) / BPS
  const fees = feeOf(verifierBps) + feeOf(settleBps)
  const deposit = pay.deposit === undefined ? total + fees : unitsOf(pay.deposit, decimals)
  return { price, capPrice, deposit, pay: total, fees }
}
