// The table of tags.
import { toHex } from '../../packages/protocol/src/bytes.ts'
import { TAG_NAMES, type Tag, tag } from '../../packages/protocol/src/tags.ts'
import { code, tableOf } from './markdown.ts'

const USES: Readonly<Record<Tag, string>> = {
  'pw/seed': 'seed of an epoch',
  'pw/commit': 'commit of a row',
  'pw/output': 'root of an output',
  'pw/batch': 'message hash of a batch; the newest one is the head',
  'pw/trace': 'T',
  'pw/report': 'message hash of a report',
  'pw/report-commit': 'commit of a report',
  'pw/leaf': 'leaf of a ledger, in its middle',
  'pw/attestation': 'attestation: what is voted on',
  'pw/checkers': 'draw of checkers',
  'pw/proposer': 'draw of the proposer of a round',
  'pw/shuffle': 'order of a turn of dealing',
  'pw/draw': "salt of a stint: its rows' draws, and its lot",
  'pw/enrol': 'message hash of an enrolment',
  'pw/enrol-stamp': 'stamp of an enrolment',
  'pw/inventory': 'root of an inventory; its buckets and lists',
  'pw/ack': 'message hash of an acknowledgement',
  'pw/known': 'message hash of opened known answers',
  'pw/appeal': 'message hash of an appeal',
  'pw/evidence': 'kept for evidence, which travels inside reports so far',
  'pw/facts': 'facts of an epoch',
  'pw/inputs': 'inputs root',
  'pw/state': 'state hash; pages of most sections',
  'pw/nodes': 'pages of nodes',
  'pw/workforce': 'pages of workforces and windows',
}

export function tagTable(): string {
  const rows = TAG_NAMES.map((name) => [code(name), code(toHex(tag(name))), USES[name]])
  return tableOf({ head: ['tag', 'its 16 bytes', 'in the hash of'], rows })
}
