// Enrolments: what a node is, for whom it earns, and what it does.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { compareBytes } from '../bytes.ts'
import {
  ATTRIBUTE_NAME_BYTES,
  ATTRIBUTE_VALUE_BYTES,
  ENROLMENT_ATTRIBUTES,
  ENROLMENT_KINDS,
} from '../limits.ts'
import type { Enrolment, KindCapacity } from '../messages.ts'
import {
  ascending,
  bytes32,
  type Codec,
  mapped,
  strict,
  textFromBytes,
  textToBytes,
  u16,
  u32,
  u64,
  u64Number,
} from './strict.ts'

const kind = new ContainerType({ kind: u16, capacity: u32 })

const attribute = new ContainerType({
  name: new ByteListType(ATTRIBUTE_NAME_BYTES),
  value: new ByteListType(ATTRIBUTE_VALUE_BYTES),
})

const enrolment = new ContainerType({
  networkId: bytes32,
  nodeKey: bytes32,
  wallet: bytes32,
  kinds: new ListCompositeType(kind, ENROLMENT_KINDS),
  attributes: new ListCompositeType(attribute, ENROLMENT_ATTRIBUTES),
  minAmount: u64,
  maxFee: u64,
  expiresAtEpoch: u64Number,
  nonce: u64,
  stamp: u64,
})

interface AttributeBytes {
  readonly name: Uint8Array
  readonly value: Uint8Array
}

type EnrolmentBytes = Omit<Enrolment, 'attributes'> & { readonly attributes: readonly AttributeBytes[] }

function fault({ kinds, attributes }: EnrolmentBytes): string | undefined {
  if (!ascending<KindCapacity>(kinds, (a, b) => a.kind - b.kind))
    return 'its kinds are not in ascending order'
  // By bytes, so that every language sorts alike.
  if (!ascending<AttributeBytes>(attributes, (a, b) => compareBytes(a.name, b.name)))
    return 'its attributes are not in ascending order'
  return undefined
}

export const enrolmentCodec: Codec<Enrolment> = mapped<Enrolment, EnrolmentBytes>(
  strict({ name: 'an enrolment', type: enrolment, maxBytes: enrolment.maxSize, fault }),
  (value) => ({
    ...value,
    attributes: value.attributes.map((each) => ({
      name: textToBytes(each.name),
      value: textToBytes(each.value),
    })),
  }),
  (bytes) => ({
    ...bytes,
    attributes: bytes.attributes.map((each) => ({
      name: textFromBytes(each.name),
      value: textFromBytes(each.value),
    })),
  }),
)
