// The parts of a state in the order of its manifest, and the records each is made of.
import { ProtocolError } from '../errors.ts'
import type { Tag } from '../tags.ts'
import type { JobWindow, Workforce } from '../workforce.ts'
import { dealsFrom, segmentRecord, segmentsOf } from './dealt-records.ts'
import type { PageWriter } from './page-writer.ts'
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
  readonly write: (state: State, writer: PageWriter) => void
}

const RECORDS: readonly Section[] = [
  { name: 'nodes', tag: 'pw/nodes', write: ({ nodes }, writer) => writer.addAll(nodeRecord, nodes) },
  { name: 'owners', tag: 'pw/state', write: ({ owners }, writer) => writer.addAll(ownerRecord, owners) },
  {
    name: 'accounts',
    tag: 'pw/state',
    write: ({ accounts }, writer) => writer.addAll(accountRecord, accounts),
  },
  { name: 'jobs', tag: 'pw/state', write: ({ jobs }, writer) => writer.addAll(jobHeadRecord, jobs) },
  {
    name: 'tasks',
    tag: 'pw/state',
    write: ({ jobs }, writer) => writeTasks(jobs, writer),
  },
  {
    name: 'open',
    tag: 'pw/state',
    write: ({ jobs }, writer) => writeOpen(jobs, writer),
  },
  {
    name: 'verifiers',
    tag: 'pw/state',
    write: ({ verifiers }, writer) => writer.addAll(verifierRecord, verifiers),
  },
  {
    name: 'dealt',
    tag: 'pw/state',
    write: ({ dealt }, writer) => writer.addAll(segmentRecord, dealt.flatMap(segmentsOf)),
  },
  { name: 'carried', tag: 'pw/state', write: ({ carried }, writer) => writer.addAll(carriedRecord, carried) },
]

/** Workforces that a state holds: of the next three epochs, the last of which it has just fixed. */
const WORKFORCES = [0, 1, 2] as const

export const SECTIONS: readonly Section[] = [...RECORDS, ...WORKFORCES.flatMap(workforceSections)]

function workforceSections(i: number): Section[] {
  return [
    {
      name: `workforce${i + 1}`,
      tag: 'pw/workforce',
      write: (state, writer) => writer.addAll(workforcePage, pagesOf(workforceAt(state, i))),
    },
    {
      name: `windows${i + 1}`,
      tag: 'pw/workforce',
      write: (state, writer) => writer.addAll(windowRecord, workforceAt(state, i).windows),
    },
  ]
}

function workforceAt({ workforces }: State, i: number): Workforce {
  const workforce = workforces[i]
  if (workforce === undefined)
    throw new RangeError(`a state has ${WORKFORCES.length} workforces, not ${workforces.length}`)
  return workforce
}

function writeTasks(jobs: readonly JobRecord[], writer: PageWriter): void {
  for (const { job, tasks } of jobs) {
    for (const task of tasks) writer.add(taskRecordCodec, { ...task, job: job.index })
  }
}

function writeOpen(jobs: readonly JobRecord[], writer: PageWriter): void {
  for (const { job, openNext } of jobs) {
    for (const next of openNext) writer.add(openNextRecord, { ...next, job: job.index })
  }
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
