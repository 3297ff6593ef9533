// A job's paid outputs, for its requester.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { OUTPUT_BYTES } from '@piecework/protocol'
import { bytes32, type Codec, orNever, strict, u32, u64Number } from '@piecework/protocol/strict'
import { RESULTS, RESULTS_BYTES } from '../limits.ts'
import type { ResultsAnswer, ResultsQuestion } from '../questions.ts'

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
