// The parameters of a network, by preset: the protocol's own, and those that only the chain looks at. Money is in tokens,
// because a founder thinks in them.
import type { Params } from '@piecework/chain'
import { LOCAL_PARAMS, PUBLIC_PARAMS } from '@piecework/protocol'
import { unitsOf } from '../common/money.ts'

export type Preset = 'local' | 'public'

/** Names of the parameters that are money. */
export const MONEY = ['minDeposit', 'minStake', 'maxClaimFee', 'outflowLimit'] as const

const MONEY_OF: Readonly<Record<Preset, Readonly<Record<(typeof MONEY)[number], string>>>> = {
  local: { minDeposit: '0.01', minStake: '10', maxClaimFee: '0.01', outflowLimit: '100000' },
  // A day of a large network's pay can leave under roots that nobody has had time to look at.
  public: { minDeposit: '10', minStake: '1000', maxClaimFee: '0.05', outflowLimit: '100000' },
}

const SHARED = {
  /** Checking costs rate * checkers of the work, so that checkers are paid for it. */
  verifierBps: 1_500,
  settleBps: 100,
  /** A tenth of a stake in an epoch: a fault of software must not cost all of it at once. */
  maxSlashBps: 1_000,
  appealEpochs: 4,
} as const

const OF_PRESET = {
  local: {
    /** The protocol's four are lost in a race where chain and all daemons share a machine: an epoch took many rounds (174). */
    round: 6,
    ratePpm: 200_000,
    maturity: 100,
    outflowWindow: 300,
    maxPause: 100,
    cooldownEpochs: 20,
    inactiveEpochs: 3,
    retainEpochs: 50,
  },
  public: {
    ratePpm: 50_000,
    /** Just under an hour: as old as the oldest root that is kept. */
    maturity: 9_000,
    outflowWindow: 216_000,
    maxPause: 216_000,
    cooldownEpochs: 300,
    inactiveEpochs: 12,
    retainEpochs: 2_016,
  },
} as const

export function presetParams(preset: Preset, decimals: number): Omit<Params, 'kindsHash'> {
  const protocol = preset === 'local' ? LOCAL_PARAMS : PUBLIC_PARAMS
  const { epochSlots, slashTwoRevealsBps, slashFalseTraceBps, slashFalseEvidenceBps, ...rest } = protocol
  const money = MONEY_OF[preset]
  return {
    ...rest,
    ...SHARED,
    ...OF_PRESET[preset],
    length: epochSlots,
    slashRevealsBps: slashTwoRevealsBps,
    slashTraceBps: slashFalseTraceBps,
    slashEvidenceBps: slashFalseEvidenceBps,
    minDeposit: unitsOf(money.minDeposit, decimals),
    minStake: unitsOf(money.minStake, decimals),
    maxClaimFee: unitsOf(money.maxClaimFee, decimals),
    outflowLimit: unitsOf(money.outflowLimit, decimals),
  }
}
