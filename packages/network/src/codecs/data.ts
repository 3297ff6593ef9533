// Data by hash, whole or in pieces, and its upload.
import {
  BooleanType,
  ByteListType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  OptionalType,
  type ValueOf,
} from '@chainsafe/ssz'
import { toHex } from '@piecework/protocol'
import { bytes32, type Codec, mapped, strict, u8, u32 } from '@piecework/protocol/strict'
import {
  DATA_FULL_BYTES,
  DATA_HASHES,
  DATA_ITEM_BYTES,
  DATA_WHOLE_BYTES,
  PIECE_BYTES,
  UPLOAD_BYTES,
} from '../limits.ts'
import type {
  DataAnswer,
  DataQuestion,
  PieceAnswer,
  PieceQuestion,
  Sort,
  UploadAnswer,
  UploadQuestion,
} from '../questions.ts'
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
    fault: ({ sort, hashes }) => sorts.fault(sort) ?? (isEachOnce(hashes) ? undefined : TWICE),
  }),
  ({ sort, hashes }) => ({ sort: sorts.number(sort), hashes }),
  ({ sort, hashes }) => ({ sort: sorts.word(sort), hashes }),
)

/** So that a short question can't have the same long thing read a thousand times. */
const TWICE = 'it asks for the same hash twice'

function isEachOnce(hashes: readonly Uint8Array[]): boolean {
  return new Set(hashes.map(toHex)).size === hashes.length
}

/** What is said of each hash: nothing is there, bytes, or the length of what is asked for in pieces. */
const ABSENT = 0
const WHOLE = 1
const LONG = 2

/** In the order of the hashes; what is whole and how long the others are, each in the same order. */
const answer = new ContainerType({
  found: new ListBasicType(u8, DATA_HASHES),
  items: new ListCompositeType(new ByteListType(DATA_WHOLE_BYTES), DATA_HASHES),
  lengths: new ListBasicType(u32, DATA_HASHES),
})

type DataWire = ValueOf<typeof answer>

/** Four bytes of place for each item or length, a byte for each hash, and the places of the lists. */
const OVERHEAD_BYTES = 12 + 5 * DATA_HASHES

/** The longest answer: nearly full, and then the longest item that is not asked for in pieces. */
export const DATA_ANSWER_BYTES: number = DATA_FULL_BYTES + DATA_WHOLE_BYTES + OVERHEAD_BYTES

export const dataAnswer: Codec<DataAnswer> = mapped<DataAnswer, DataWire>(
  strict<DataWire, DataWire>({
    name: 'an answer of data',
    type: answer,
    maxBytes: DATA_ANSWER_BYTES,
    fault: faultOfAnswer,
  }),
  ({ found }) => ({
    found: found.map((one) => (one === undefined ? ABSENT : one instanceof Uint8Array ? WHOLE : LONG)),
    items: found.filter((one) => one instanceof Uint8Array),
    lengths: found.flatMap((one) => (one === undefined || one instanceof Uint8Array ? [] : [one.longBytes])),
  }),
  ({ found, items, lengths }) => {
    const [whole, long] = [items.values(), lengths.values()]
    return {
      found: found.map((what) => {
        if (what === ABSENT) return undefined
        return what === WHOLE ? whole.next().value : { longBytes: long.next().value ?? 0 }
      }),
    }
  },
)

function faultOfAnswer({ found, items, lengths }: DataWire): string | undefined {
  const countOf = (what: number): number => found.filter((one) => one === what).length
  if (found.some((what) => what > LONG)) return 'it says of a hash what has no meaning'
  if (countOf(WHOLE) !== items.length || countOf(LONG) !== lengths.length)
    return 'it has not one item or length for each that is there'
  const isLong = (bytes: number): boolean => bytes > DATA_WHOLE_BYTES && bytes <= DATA_ITEM_BYTES
  return lengths.every(isLong)
    ? undefined
    : 'it gives the length of what is not long, or longer than anything'
}

const pieceAsked = new ContainerType({ sort: u8, hash: bytes32, at: u32, bytes: u32 })

export const pieceQuestion: Codec<PieceQuestion> = mapped<
  PieceQuestion,
  Omit<PieceQuestion, 'sort'> & { readonly sort: number }
>(
  strict({
    name: 'a question for a piece',
    type: pieceAsked,
    maxBytes: pieceAsked.fixedSize ?? 0,
    fault: ({ sort, bytes }) =>
      sorts.fault(sort) ??
      (bytes > 0 && bytes <= PIECE_BYTES ? undefined : `it asks for ${bytes} bytes, not 1 to ${PIECE_BYTES}`),
  }),
  ({ sort, ...rest }) => ({ ...rest, sort: sorts.number(sort) }),
  ({ sort, ...rest }) => ({ ...rest, sort: sorts.word(sort) }),
)

const piece = new ContainerType({ wholeBytes: new OptionalType(u32), bytes: new ByteListType(PIECE_BYTES) })

interface PieceWire {
  readonly wholeBytes: number | null
  readonly bytes: Uint8Array
}

export const pieceAnswer: Codec<PieceAnswer> = mapped<PieceAnswer, PieceWire>(
  strict<PieceWire, PieceWire>({
    name: 'an answer of piece',
    type: piece,
    maxBytes: piece.maxSize,
    fault: ({ wholeBytes, bytes }) =>
      bytes.length <= (wholeBytes ?? 0) ? undefined : 'it has more bytes than the whole',
  }),
  ({ wholeBytes, bytes }) => ({ wholeBytes: wholeBytes ?? null, bytes }),
  ({ wholeBytes, bytes }) => ({ wholeBytes: wholeBytes ?? undefined, bytes }),
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
