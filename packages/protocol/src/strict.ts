// What packages above make their own strict formats of. A door of its own, because most need codecs and not their parts.
export {
  ascending,
  bytes32,
  type Codec,
  mapped,
  strict,
  textFromBytes,
  textToBytes,
  u8,
  u16,
  u32,
  u64,
  u64Number,
} from './codecs/strict.ts'
export { orNever } from './state/or-never.ts'
