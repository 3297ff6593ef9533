// Data by hash, and its upload.
import {
  BooleanType,
  ByteListType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  type ValueOf,
} from '@chainsafe/ssz'
import { bytes32, type Codec, mapped, strict, u8 } from '@piecework/protocol/strict'
import { DATA_FULL_BYTES, DATA_HASHES, DATA_ITEM_BYTES, UPLOAD_BYTES } from '../limits.ts'
import type { DataAnswer, DataQuestion, Sort, UploadAnswer, UploadQuestion } from '../questions.ts'
import { numbered } from './words.ts'

const sorts = numbered<Sort>('sort of data', [
  'content',
  'page',
  'manifest',
  'inventory',
  'part',
  'heads',
  'batch',
  'enrolment',
  'known',
  'appeal',
  'reveal',
  'facts',
  'proposal',
])

const question = new ContainerType({ sort: u8, hashes: new ListCompositeType(bytes32, DATA_HASHES) })

export const dataQuestion: Codec<DataQuestion> = mapped<
  DataQuestion,
  { readonly sort: number; readonly hashes: readonly Uint8Array[] }
>(
  strict({
    name: 'a question for data',
    type: question,
    maxBytes: question.maxSize,
    fault: ({ sort }) => sorts.fault(sort),
  }),
  ({ sort, hashes }) => ({ sort: sorts.number(sort), hashes }),
  ({ sort, hashes }) => ({ sort: sorts.word(sort), hashes }),
)

/** Which of the hashes are there, and what is, in the same order. */
const answer = new ContainerType({
  there: new ListBasicType(new BooleanType(), DATA_HASHES),
  items: new ListCompositeType(new ByteListType(DATA_ITEM_BYTES), DATA_HASHES),
})

type DataWire = ValueOf<typeof answer>

/** Four bytes of place for each item, and the flags. */
const OVERHEAD_BYTES = 8 + 5 * DATA_HASHES

/** The longest answer: nearly full, and then the longest item. */
export const DATA_ANSWER_BYTES: number = DATA_FULL_BYTES + DATA_ITEM_BYTES + OVERHEAD_BYTES

export const dataAnswer: Codec<DataAnswer> = mapped<DataAnswer, DataWire>(
  strict<DataWire, DataWire>({
    name: 'an answer of data',
    type: answer,
    maxBytes: DATA_ANSWER_BYTES,
    fault: ({ there, items }) =>
      there.filter(Boolean).length === items.length
        ? undefined
        : 'it has not one item for each that is there',
  }),
  ({ found }) => ({
    there: found.map((item) => item !== undefined),
    items: found.filter((item) => item !== undefined),
  }),
  ({ there, items }) => {
    let next = 0
    return { found: there.map((is) => (is ? items[next++] : undefined)) }
  },
)

const upload = new ContainerType({ job: bytes32, bytes: new ByteListType(UPLOAD_BYTES) })

export const uploadQuestion: Codec<UploadQuestion> = strict({
  name: 'an upload',
  type: upload,
  maxBytes: upload.maxSize,
})

const uploaded = new ContainerType({ hash: bytes32, complete: new BooleanType() })

export const uploadAnswer: Codec<UploadAnswer> = strict({
  name: 'the answer to an upload',
  type: uploaded,
  maxBytes: uploaded.maxSize,
})
