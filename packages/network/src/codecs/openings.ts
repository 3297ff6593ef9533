// A node's part of the deal, and the outputs behind its rows: handed over, or asked for.
import { ByteListType, ContainerType, ListCompositeType, OptionalType } from '@chainsafe/ssz'
import { OUTPUT_BYTES } from '@piecework/protocol'
import { bytes32, type Codec, mapped, strict, u32, u64Number } from '@piecework/protocol/strict'
import { OPEN_ROWS, OPENINGS, OPENINGS_BYTES, WORK_TASKS } from '../limits.ts'
import type {
  DealtTask,
  DeliverAnswer,
  DeliverQuestion,
  OpenAnswer,
  OpenQuestion,
  WorkAnswer,
  WorkQuestion,
} from '../questions.ts'

const workAsked = new ContainerType({ epoch: u64Number, nodeKey: bytes32 })

export const workQuestion: Codec<WorkQuestion> = strict({
  name: 'a question for work',
  type: workAsked,
  maxBytes: workAsked.maxSize,
})

const work = new ContainerType({
  node: new OptionalType(u32),
  tasks: new ListCompositeType(new ContainerType({ job: u32, task: u32 }), WORK_TASKS),
})

interface WorkWire {
  readonly node: number | null
  readonly tasks: readonly DealtTask[]
}

export const workAnswer: Codec<WorkAnswer> = mapped<WorkAnswer, WorkWire>(
  strict({ name: 'an answer of work', type: work, maxBytes: work.maxSize }),
  ({ node, tasks }) => ({ node: node ?? null, tasks }),
  ({ node, tasks }) => ({ node: node ?? undefined, tasks }),
)

const openings = new ListCompositeType(
  new ContainerType({ seq: u32, row: u32, salt: bytes32, output: new ByteListType(OUTPUT_BYTES) }),
  OPENINGS,
)

export const deliverQuestion: Codec<DeliverQuestion> = strict({
  name: 'a delivery',
  type: new ContainerType({ epoch: u64Number, nodeKey: bytes32, openings }),
  maxBytes: OPENINGS_BYTES,
})

const kept = new ContainerType({ kept: u32 })

export const deliverAnswer: Codec<DeliverAnswer> = strict({
  name: 'the answer to a delivery',
  type: kept,
  maxBytes: kept.maxSize,
})

const open = new ContainerType({
  epoch: u64Number,
  rows: new ListCompositeType(new ContainerType({ seq: u32, row: u32 }), OPEN_ROWS),
})

export const openQuestion: Codec<OpenQuestion> = strict({
  name: 'a question for openings',
  type: open,
  maxBytes: open.maxSize,
})

export const openAnswer: Codec<OpenAnswer> = strict({
  name: 'an answer of openings',
  type: new ContainerType({ openings }),
  maxBytes: OPENINGS_BYTES,
})
