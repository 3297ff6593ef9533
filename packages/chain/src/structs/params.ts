// What the authority may set, within the program's hard bounds.
import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { hash, u8, u16, u32, u64 } from '../codec/scalars.ts'

/** Times in slots unless the name says epochs; *Bps in hundredths of a percent. */
export interface Params {
  readonly minDeposit: bigint
  readonly minStake: bigint
  /** The most that a carrier of a claim may take. */
  readonly maxClaimFee: bigint
  /** The most that claims under young roots pay per window. */
  readonly outflowLimit: bigint
  /** L, the least length of an epoch. */
  readonly length: number
  readonly grace: number
  readonly inventory: number
  readonly margin: number
  readonly challenge: number
  readonly commit: number
  readonly reveal: number
  readonly round: number
  readonly dispute: number
  /** Age of a root from which claims ignore the outflow limit. */
  readonly maturity: number
  readonly outflowWindow: number
  readonly maxPause: number
  /** From a verifier's exit to the withdrawal of its stake. */
  readonly cooldownEpochs: number
  readonly inactiveEpochs: number
  readonly evidenceEpochs: number
  readonly carryEpochs: number
  readonly barEpochs: number
  readonly idleEpochs: number
  readonly judgeEpochs: number
  readonly appealEpochs: number
  readonly retainEpochs: number
  /** Per epoch. */
  readonly maxEnrolments: number
  readonly trialRows: number
  /** Default draw rate, in parts per million. */
  readonly ratePpm: number
  readonly verifierBps: number
  readonly settleBps: number
  readonly bountyBps: number
  /** Of a stake, per epoch. */
  readonly maxSlashBps: number
  readonly slashRevealsBps: number
  readonly slashTraceBps: number
  readonly slashEvidenceBps: number
  readonly checkers: number
  readonly stampBits: number
  /** Of the blob with the parameters of kinds. */
  readonly kindsHash: Uint8Array
}

export const paramsLayout: Layout<Params> = struct<Params>('Params', {
  minDeposit: u64,
  minStake: u64,
  maxClaimFee: u64,
  outflowLimit: u64,
  length: u32,
  grace: u32,
  inventory: u32,
  margin: u32,
  challenge: u32,
  commit: u32,
  reveal: u32,
  round: u32,
  dispute: u32,
  maturity: u32,
  outflowWindow: u32,
  maxPause: u32,
  cooldownEpochs: u32,
  inactiveEpochs: u32,
  evidenceEpochs: u32,
  carryEpochs: u32,
  barEpochs: u32,
  idleEpochs: u32,
  judgeEpochs: u32,
  appealEpochs: u32,
  retainEpochs: u32,
  maxEnrolments: u32,
  trialRows: u32,
  ratePpm: u32,
  verifierBps: u16,
  settleBps: u16,
  bountyBps: u16,
  maxSlashBps: u16,
  slashRevealsBps: u16,
  slashTraceBps: u16,
  slashEvidenceBps: u16,
  checkers: u8,
  stampBits: u8,
  kindsHash: hash,
})
