// The table of parameters, with the two presets.
import type { Params } from '../../packages/protocol/src/facts.ts'
import { LOCAL_PARAMS, PUBLIC_PARAMS } from '../../packages/protocol/src/presets.ts'
import { code, count, tableOf } from './markdown.ts'

const MEANINGS: Readonly<Record<keyof Params, string>> = {
  epochSlots: 'L: slots of an epoch, from S_e to S_{e+1}',
  grace: 'slots of intake: late gossip still counts',
  inventory: 'slots in which verifiers post their inventories',
  margin: 'slots between what is known and what follows from it',
  challenge: 'slots in which outputs are delivered and rows checked',
  commit: 'slots in which reports are committed',
  reveal: 'slots in which they are revealed',
  round: 'slots of a round of proposing and voting, at least',
  dispute: 'slots in which a voted candidate can be cancelled',
  checkers: 'verifiers drawn for a stint',
  carryEpochs: 'epochs that a stint is carried before every verifier checks it',
  evidenceEpochs: 'epochs for which evidence counts',
  barEpochs: 'epochs that a failed node is barred',
  idleEpochs: 'epochs after which a node that did nothing is no longer dealt to, and is pruned',
  judgeEpochs: 'epochs after its last lease when a task is judged without what is missing',
  trialRows: 'rows that a node is dealt whatever its bond',
  maxEnrolments: 'enrolments that enter in an epoch, at most',
  stampBits: "leading zero bits of a stamp's hash",
  bountyBps: 'of a forfeit, for the reports that carried the evidence, in basis points',
  slashTwoRevealsBps: 'of a stake, for two different reports, in basis points',
  slashFalseTraceBps: 'of a stake, for a T over rows that evidence contradicts, in basis points',
  slashFalseEvidenceBps: 'of a stake, for evidence that shows nothing, in basis points',
}

const NAMES = Object.keys(MEANINGS) as readonly (keyof Params)[]

export function paramTable(): string {
  const rows = NAMES.map((name) => {
    return [code(name), count(LOCAL_PARAMS[name]), count(PUBLIC_PARAMS[name]), MEANINGS[name]]
  })
  return tableOf({ head: ['parameter', 'local', 'public', 'what it is'], rows })
}
