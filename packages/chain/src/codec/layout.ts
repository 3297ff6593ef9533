// A value and its bytes: little-endian, packed in the order given, as the program lays them out.

export interface Layout<T> {
  /** The type's name in the program's interface description. */
  readonly type: string
  /** Bytes; of a list without a fixed length, those of an empty one. */
  readonly size: number
  read(view: DataView, at: number): T
  write(value: T, view: DataView, at: number): void
  /** Only where the value decides. */
  lengthOf?(value: T): number
  /** A struct's fields in their order, for those who compare layouts. */
  readonly fields?: readonly Field[]
  /** A list's item. */
  readonly item?: Layout<unknown>
  /** The words for 0, 1, 2 ... where numbers have names. */
  readonly words?: readonly unknown[]
}

export interface Field {
  readonly name: string
  readonly offset: number
  readonly layout: Layout<unknown>
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function encode<T>(layout: Layout<T>, value: T): Uint8Array {
  const bytes = new Uint8Array(layout.lengthOf?.(value) ?? layout.size)
  layout.write(value, viewOf(bytes), 0)
  return bytes
}
