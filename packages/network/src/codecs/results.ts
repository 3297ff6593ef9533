// A job's paid outputs, for its requester, and which of its tasks are finished, for its keeper.
import { ByteListType, ContainerType, ListBasicType, ListCompositeType } from '@chainsafe/ssz'
import { OUTPUT_BYTES } from '@piecework/protocol'
import { ascending, bytes32, type Codec, orNever, strict, u32, u64Number } from '@piecework/protocol/strict'
import { FINISHED_TASKS, RESULTS, RESULTS_BYTES } from '../limits.ts'
import type { FinishedAnswer, FinishedQuestion, ResultsAnswer, ResultsQuestion } from '../questions.ts'

const question = new ContainerType({ job: u32, epoch: u64Number, after: u32 })

export const resultsQuestion: Codec<ResultsQuestion> = strict({
  name: 'a question for results',
  type: question,
  maxBytes: question.maxSize,
})

const result = new ContainerType({
  task: u32,
  node: u32,
  units: u32,
  at: u32,
  batch: bytes32,
  row: u32,
  output: new ByteListType(OUTPUT_BYTES),
})

export const resultsAnswer: Codec<ResultsAnswer> = strict({
  name: 'an answer of results',
  type: new ContainerType({ settled: orNever, results: new ListCompositeType(result, RESULTS) }),
  maxBytes: RESULTS_BYTES,
})

const ofJob = new ContainerType({ job: u32, epoch: u64Number })

export const finishedQuestion: Codec<FinishedQuestion> = strict({
  name: 'a question for finished tasks',
  type: ofJob,
  maxBytes: ofJob.maxSize,
})

const finished = new ContainerType({ settled: orNever, tasks: new ListBasicType(u32, FINISHED_TASKS) })

export const finishedAnswer: Codec<FinishedAnswer> = strict({
  name: 'an answer of finished tasks',
  type: finished,
  maxBytes: finished.maxSize,
  fault: ({ tasks }: FinishedAnswer) =>
    ascending(tasks, (a, b) => a - b) ? undefined : 'its tasks are not in ascending order',
})
