// Deals in the state, as segments of bounded size: a deal of a million replicas is no single record.
import { ByteListType, ContainerType } from '@chainsafe/ssz'
import { concat } from '../bytes.ts'
import { u32, u64Number } from '../codecs/strict.ts'
import { ProtocolError } from '../errors.ts'
import type { JobDeal } from '../workforce.ts'
import { columnBytes, u32Column } from './columns.ts'
import { plain, type RecordCodec } from './records.ts'
import type { DealtEpoch } from './state.ts'

/** Replicas in a segment: 640 KB. */
const SEGMENT_REPLICAS = 65_536

export interface Segment {
  readonly epoch: number
  /** Place of the job in the deal. A deal without jobs is one empty segment of no place. */
  readonly place: number
  readonly job: number
  readonly cursor: number
  readonly tasks: Uint8Array
  readonly nodes: Uint8Array
  readonly trial: Uint8Array
  readonly used: Uint8Array
}

export const NO_PLACE = 0xffff_ffff

export const segmentRecord: RecordCodec<Segment> = plain(
  'a part of a deal',
  new ContainerType({
    epoch: u64Number,
    place: u32,
    job: u32,
    cursor: u64Number,
    tasks: new ByteListType(4 * SEGMENT_REPLICAS),
    nodes: new ByteListType(4 * SEGMENT_REPLICAS),
    trial: new ByteListType(SEGMENT_REPLICAS),
    used: new ByteListType(SEGMENT_REPLICAS),
  }),
)

export function segmentsOf({ deal, used }: DealtEpoch): Segment[] {
  const { epoch } = deal
  const none = new Uint8Array()
  if (deal.jobs.length === 0) {
    return [{ epoch, place: NO_PLACE, job: 0, cursor: 0, tasks: none, nodes: none, trial: none, used: none }]
  }
  return deal.jobs.flatMap((dealt, place) => jobSegments(dealt, { epoch, place, used: used[place] ?? none }))
}

interface JobPlace {
  readonly epoch: number
  readonly place: number
  readonly used: Uint8Array
}

function jobSegments(
  { job, cursor, tasks, nodes, trial }: JobDeal,
  { epoch, place, used }: JobPlace,
): Segment[] {
  const segments: Segment[] = []
  for (let start = 0; start === 0 || start < tasks.length; start += SEGMENT_REPLICAS) {
    const end = Math.min(start + SEGMENT_REPLICAS, tasks.length)
    segments.push({
      epoch,
      place,
      job,
      cursor,
      tasks: columnBytes(tasks.subarray(start, end)),
      nodes: columnBytes(nodes.subarray(start, end)),
      trial: trial.subarray(start, end),
      used: used.subarray(start, end),
    })
  }
  return segments
}

/** The deals that these segments, in their order, are parts of. */
export function dealsFrom(segments: readonly Segment[]): DealtEpoch[] {
  const byEpoch = Map.groupBy(segments, ({ epoch }) => epoch)
  return [...byEpoch].map(([epoch, parts]) => {
    const byPlace = [...Map.groupBy(parts, ({ place }) => place)].filter(([place]) => place !== NO_PLACE)
    const joined = byPlace.map(([, pieces]) => joinSegments(pieces))
    return { deal: { epoch, jobs: joined.map(({ dealt }) => dealt) }, used: joined.map(({ used }) => used) }
  })
}

function joinSegments(pieces: readonly Segment[]): { dealt: JobDeal; used: Uint8Array } {
  const [first] = pieces
  if (first === undefined) throw malformed('it has no segment')
  const tasks = u32Column(join(pieces, ({ tasks: part }) => part))
  const nodes = u32Column(join(pieces, ({ nodes: part }) => part))
  const trial = join(pieces, ({ trial: part }) => part)
  const used = join(pieces, ({ used: part }) => part)
  const { length } = tasks
  if (nodes.length !== length || trial.length !== length || used.length !== length) {
    throw malformed('its columns differ in length')
  }
  return { dealt: { job: first.job, cursor: first.cursor, tasks, nodes, trial }, used }
}

function join(pieces: readonly Segment[], column: (piece: Segment) => Uint8Array): Uint8Array {
  return concat(pieces.map(column))
}

function malformed(why: string): ProtocolError {
  return new ProtocolError(
    'state/malformed',
    `A deal in this state is broken: ${why}. Fetch the state again.`,
  )
}
