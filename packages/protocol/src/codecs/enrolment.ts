// Enrolments: what a node is, for whom it earns, and what it does.
import { ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { compareBytes } from '../bytes.ts'
import { ENROLMENT_KINDS } from '../limits.ts'
import type { Enrolment, KindCapacity } from '../messages.ts'
import { type AttributeBytes, attributesFromWire, attributesToWire, attributesType } from './attributes.ts'
import { ascending, bytes32, type Codec, mapped, strict, u16, u32, u64, u64Number } from './strict.ts'

const kind = new ContainerType({ kind: u16, capacity: u32 })

const enrolment = new ContainerType({
  networkId: bytes32,
  nodeKey: bytes32,
  wallet: bytes32,
  kinds: new ListCompositeType(kind, ENROLMENT_KINDS),
  attributes: attributesType,
  minAmount: u64,
  maxFee: u64,
  expiresAtEpoch: u64Number,
  nonce: u64,
  stamp: u64,
})

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
  (value) => ({ ...value, attributes: attributesToWire(value.attributes) }),
  (bytes) => ({ ...bytes, attributes: attributesFromWire(bytes.attributes) }),
)
