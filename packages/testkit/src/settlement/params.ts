// Parameters that the program accepts.
import type { Params } from '@piecework/chain'

/** With the phases of the local preset. */
export function localParams(changed: Partial<Params> = {}): Params {
  return {
    minDeposit: 1_000n,
    minStake: 1_000n,
    maxClaimFee: 10_000n,
    outflowLimit: 1_000_000n,
    length: 30,
    grace: 2,
    inventory: 3,
    margin: 1,
    challenge: 8,
    commit: 3,
    reveal: 2,
    round: 4,
    dispute: 3,
    maturity: 100,
    outflowWindow: 300,
    maxPause: 100,
    cooldownEpochs: 20,
    inactiveEpochs: 3,
    evidenceEpochs: 20,
    carryEpochs: 10,
    barEpochs: 10,
    idleEpochs: 300,
    judgeEpochs: 4,
    appealEpochs: 4,
    retainEpochs: 50,
    maxEnrolments: 4096,
    trialRows: 5,
    ratePpm: 200_000,
    verifierBps: 1_500,
    settleBps: 100,
    bountyBps: 1_000,
    maxSlashBps: 1_000,
    slashRevealsBps: 1_000,
    slashTraceBps: 500,
    slashEvidenceBps: 1_000,
    checkers: 3,
    stampBits: 8,
    kindsHash: new Uint8Array(32).fill(3),
    ...changed,
  }
}

/** With phases long enough for clients that send over a network while slots pass. */
export function longParams(changed: Partial<Params> = {}): Params {
  return localParams({
    length: 500,
    grace: 5,
    inventory: 40,
    margin: 10,
    challenge: 20,
    commit: 80,
    reveal: 10,
    round: 100,
    dispute: 60,
    maturity: 0,
    outflowWindow: 100_000,
    maxPause: 1_000,
    inactiveEpochs: 1,
    ...changed,
  })
}
