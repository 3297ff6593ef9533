// The parts of a state in the order of its manifest, and the records each is made of.
import { ProtocolError } from '../errors.ts'
import type { Tag } from '../tags.ts'
import type { JobWindow, Workforce } from '../workforce.ts'
import { dealsFrom, segmentRecord, segmentsOf } from './dealt-records.ts'
import {
  accountRecord,
  jobHeadRecord,
  nodeRecord,
  openNextRecord,
  ownerRecord,
  taskRecordCodec,
  verifierRecord,
} from './records.ts'
import type { JobRecord, State } from './state.ts'
import { carriedRecord } from './stint-records.ts'
import { pagesOf, windowRecord, workforceFrom, workforcePage } from './workforce-records.ts'

export interface Section {
  readonly name: string
  /** Of its pages' hashes. */
  readonly tag: Tag
  readonly records: (state: State) => readonly Uint8Array[]
}

const RECORDS: readonly Section[] = [
  { name: 'nodes', tag: 'pw/nodes', records: ({ nodes }) => nodes.map(nodeRecord.encode) },
  { name: 'owners', tag: 'pw/state', records: ({ owners }) => owners.map(ownerRecord.encode) },
  { name: 'accounts', tag: 'pw/state', records: ({ accounts }) => accounts.map(accountRecord.encode) },
  { name: 'jobs', tag: 'pw/state', records: ({ jobs }) => jobs.map(jobHeadRecord.encode) },
  { name: 'tasks', tag: 'pw/state', records: ({ jobs }) => jobs.flatMap(taskRecords) },
  { name: 'open', tag: 'pw/state', records: ({ jobs }) => jobs.flatMap(openRecords) },
  { name: 'verifiers', tag: 'pw/state', records: ({ verifiers }) => verifiers.map(verifierRecord.encode) },
  {
    name: 'dealt',
    tag: 'pw/state',
    records: ({ dealt }) => dealt.flatMap(segmentsOf).map(segmentRecord.encode),
  },
  { name: 'carried', tag: 'pw/state', records: ({ carried }) => carried.map(carriedRecord.encode) },
]

/** Workforces that a state holds: of the next three epochs, the last of which it has just fixed. */
const WORKFORCES = [0, 1, 2] as const

export const SECTIONS: readonly Section[] = [...RECORDS, ...WORKFORCES.flatMap(workforceSections)]

function workforceSections(i: number): Section[] {
  return [
    {
      name: `workforce${i + 1}`,
      tag: 'pw/workforce',
      records: (state) => pagesOf(workforceAt(state, i)).map(workforcePage.encode),
    },
    {
      name: `windows${i + 1}`,
      tag: 'pw/workforce',
      records: (state) => workforceAt(state, i).windows.map(windowRecord.encode),
    },
  ]
}

function workforceAt({ workforces }: State, i: number): Workforce {
  const workforce = workforces[i]
  if (workforce === undefined)
    throw new RangeError(`a state has ${WORKFORCES.length} workforces, not ${workforces.length}`)
  return workforce
}

function taskRecords({ job, tasks }: JobRecord): Uint8Array[] {
  return tasks.map((task) => taskRecordCodec.encode({ ...task, job: job.index }))
}

function openRecords({ job, openNext }: JobRecord): Uint8Array[] {
  return openNext.map((next) => openNextRecord.encode({ ...next, job: job.index }))
}

/** The state whose sections have these records. */
export function stateFrom(
  { networkId, epoch }: Pick<State, 'networkId' | 'epoch'>,
  sections: readonly (readonly Uint8Array[])[],
): State {
  const of = (name: string): readonly Uint8Array[] =>
    sections[SECTIONS.findIndex((section) => section.name === name)] ?? []
  const tasks = Map.groupBy(of('tasks').map(taskRecordCodec.decode), ({ job }) => job)
  const open = Map.groupBy(of('open').map(openNextRecord.decode), ({ job }) => job)
  const workforces = WORKFORCES.map((i) => {
    const windows: readonly JobWindow[] = of(`windows${i + 1}`).map(windowRecord.decode)
    return workforceFrom(epoch + 1 + i, of(`workforce${i + 1}`).map(workforcePage.decode), windows)
  })
  return {
    networkId,
    epoch,
    nodes: of('nodes').map(nodeRecord.decode),
    owners: of('owners').map(ownerRecord.decode),
    accounts: of('accounts').map(accountRecord.decode),
    jobs: of('jobs')
      .map(jobHeadRecord.decode)
      .map((head, index) => {
        if (head.job.index !== index)
          throw new ProtocolError('state/malformed', `Job ${index} is missing from this state.`)
        return {
          ...head,
          tasks: (tasks.get(index) ?? []).map(({ job: _, ...task }) => task),
          openNext: (open.get(index) ?? []).map(({ node, task }) => ({ node, task })),
        }
      }),
    verifiers: of('verifiers').map(verifierRecord.decode),
    dealt: dealsFrom(of('dealt').map(segmentRecord.decode)),
    workforces,
    carried: of('carried').map(carriedRecord.decode),
  }
}
