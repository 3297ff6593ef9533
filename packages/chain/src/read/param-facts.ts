import type { Params as FactParams } from '@piecework/protocol'
import type { Params } from '../structs/params.ts'

/** The chain's parameters in the words of the protocol; the others concern the program alone. */
export function factParams(params: Params): FactParams {
  return {
    epochSlots: params.length,
    grace: params.grace,
    inventory: params.inventory,
    margin: params.margin,
    challenge: params.challenge,
    commit: params.commit,
    reveal: params.reveal,
    round: params.round,
    dispute: params.dispute,
    checkers: params.checkers,
    carryEpochs: params.carryEpochs,
    evidenceEpochs: params.evidenceEpochs,
    barEpochs: params.barEpochs,
    idleEpochs: params.idleEpochs,
    judgeEpochs: params.judgeEpochs,
    trialRows: params.trialRows,
    maxEnrolments: params.maxEnrolments,
    stampBits: params.stampBits,
    bountyBps: params.bountyBps,
    slashTwoRevealsBps: params.slashRevealsBps,
    slashFalseTraceBps: params.slashTraceBps,
    slashFalseEvidenceBps: params.slashEvidenceBps,
  }
}
