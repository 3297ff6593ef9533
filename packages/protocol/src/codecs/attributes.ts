// Attributes: lists of names and values, as UTF-8 bytes.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { ATTRIBUTE_NAME_BYTES, ATTRIBUTE_VALUE_BYTES, ENROLMENT_ATTRIBUTES } from '../limits.ts'
import type { Attribute } from '../messages.ts'
import { textFromBytes, textToBytes } from './strict.ts'

type AttributeType = ContainerType<{ name: ByteListType; value: ByteListType }>

const attribute: AttributeType = new ContainerType({
  name: new ByteListType(ATTRIBUTE_NAME_BYTES),
  value: new ByteListType(ATTRIBUTE_VALUE_BYTES),
})

export const attributesType: ListCompositeType<AttributeType> = new ListCompositeType(
  attribute,
  ENROLMENT_ATTRIBUTES,
)

export interface AttributeBytes {
  readonly name: Uint8Array
  readonly value: Uint8Array
}

export function attributesToWire(attributes: readonly Attribute[]): AttributeBytes[] {
  return attributes.map(({ name, value }) => ({ name: textToBytes(name), value: textToBytes(value) }))
}

export function attributesFromWire(attributes: readonly AttributeBytes[]): Attribute[] {
  return attributes.map(({ name, value }) => ({ name: textFromBytes(name), value: textFromBytes(value) }))
}
