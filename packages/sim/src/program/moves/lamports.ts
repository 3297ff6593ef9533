import { keyOf } from '@piecework/chain'
import { SystemProgram } from '@solana/web3.js'
import { refund } from './jobs.ts'
import { type Move, pick } from './scene.ts'

const LAMPORTS = 5_000_000

/** Lamports for an account that was closed, or is being closed in the same transaction. */
export const revive: Move = (scene) => {
  const { network, jobs, random } = scene
  const job = pick(random, jobs.byIndex)
  if (job === undefined) return []
  const [closing] = random.chance(0.5) ? refund(scene) : []
  const toPubkey = closing?.keys[2]?.pubkey ?? keyOf(job.address)
  const fromPubkey = keyOf(network.vm.payer)
  const transfer = SystemProgram.transfer({ fromPubkey, toPubkey, lamports: LAMPORTS })
  return closing === undefined ? [transfer] : [closing, transfer, closing]
}
