// A number that may be NEVER, as eight bytes: one higher.
import { type ByteViews, UintNumberType } from '@chainsafe/ssz'

class OrNeverType extends UintNumberType {
  constructor() {
    super(8)
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: number): number {
    return super.value_serializeToBytes(output, offset, value + 1)
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): number {
    const stored = super.value_deserializeFromBytes(data, start, end)
    if (!Number.isSafeInteger(stored)) throw new RangeError('a number is beyond 2^53')
    return stored - 1
  }
}

/** Epochs, slots and indices. */
export const orNever: UintNumberType = new OrNeverType()
