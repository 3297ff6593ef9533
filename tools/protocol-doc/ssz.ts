// SSZ types as rows of a table: a field, its type, its size.
import { type Layout, u64Number } from '../../packages/protocol/src/codecs/strict.ts'
import { orNever } from '../../packages/protocol/src/state/or-never.ts'
import { code, count, tableOf } from './markdown.ts'

/** What the types of the SSZ library have, as far as a page shows it. Which of these one has tells what it is. */
interface SszType {
  readonly typeName: string
  readonly fixedSize: number | null
  readonly minSize: number
  readonly maxSize: number
  /** Of a container. */
  readonly fields?: Readonly<Record<string, SszType>>
  /** Of a list or vector. */
  readonly elementType?: SszType
  /** Elements of a list, at most. */
  readonly limit?: number
  /** Elements of a vector. */
  readonly length?: number
  /** Bytes of a byte list, at most. */
  readonly limitBytes?: number
  /** Bytes of a byte vector. */
  readonly lengthBytes?: number
}

/** How many bytes there are, and a row for each field, those of inner containers too. */
export function describeLayout({ type, maxBytes }: Layout): string {
  const rows = rowsIn('', type).map(([path, field]) => [
    code(path),
    typeText(field),
    sizeText(field, maxBytes),
  ])
  return `${sizeText(type, maxBytes)} bytes.\n\n${tableOf({ head: ['field', 'type', 'bytes'], rows })}`
}

function sizeText({ fixedSize, minSize, maxSize }: SszType, most: number): string {
  return fixedSize === null ? `${count(minSize)} to ${count(Math.min(maxSize, most))}` : count(fixedSize)
}

type Row = readonly [path: string, type: SszType]

/** What stands inside a type: the fields of a container, and of the containers in a list. */
function rowsIn(path: string, { fields, elementType }: SszType): Row[] {
  if (fields !== undefined) {
    const start = path === '' ? '' : `${path}.`
    return Object.entries(fields).flatMap(([name, field]): Row[] => [
      [start + name, field],
      ...rowsIn(start + name, field),
    ])
  }
  if (elementType === undefined) return []
  if (elementType.fields !== undefined) return rowsIn(`${path}[]`, elementType)
  // What it is a list of stands in the list's own row, if it has one.
  return path === '' ? [['[]', elementType]] : []
}

function typeText(type: SszType): string {
  if (type === u64Number) return 'u64 below 2^53'
  if (type === orNever) return 'u64, one more'
  if (type.fields !== undefined) return 'container'
  if (type.limitBytes !== undefined) return `ByteList[${count(type.limitBytes)}]`
  if (type.lengthBytes !== undefined) return `Bytes${type.lengthBytes}`
  if (type.elementType === undefined) return type.typeName.replace(/^uint(?:Bigint)?/, 'u')
  const element = typeText(type.elementType)
  if (type.limit !== undefined) return `List[${element}, ${count(type.limit)}]`
  return `Vector[${element}, ${count(type.length ?? 0)}]`
}
