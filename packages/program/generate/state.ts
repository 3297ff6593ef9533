import { type AccountType, alignOf, type Idl, placed, type Struct, sizeOfFields } from './idl.ts'
import { banner, doc, rustType } from './rust-types.ts'

/** The most that one instruction can allocate. */
const maxAccountSize = 10_240

/** Constants that name what a byte holds; the others are counts. */
const isByte = /^(STATE|POST|LEDGER|RULE)_/

function checkAlignment(struct: Struct): void {
  const aligns = placed(struct.fields).map((field) => ({ ...field, align: alignOf(field.type) }))
  const widest = Math.max(...aligns.map((field) => field.align))
  for (const field of aligns)
    if (field.offset % field.align !== 0)
      throw new Error(`${struct.name}.${field.name} at ${field.offset} needs padding before it`)
  if (sizeOfFields(struct.fields) % widest !== 0) throw new Error(`${struct.name} needs padding at its end`)
}

function struct(one: Struct, derive: string): string {
  checkAlignment(one)
  const fields = one.fields
    .map((field) => `${doc(field.doc, '    ')}    pub ${field.name}: ${rustType(field.type)},\n`)
    .join('')
  const offsets = placed(one.fields)
    .map((field) => `    assert!(offset_of!(${one.name}, ${field.name}) == ${field.offset});\n`)
    .join('')
  const size = sizeOfFields(one.fields)
  return `${doc(one.doc)}#[repr(C)]\n${derive}pub struct ${one.name} {\n${fields}}\n\nconst _: () = {\n${offsets}    assert!(size_of::<${one.name}>() == ${size});\n};\n\n`
}

function account(one: AccountType): string {
  const size = sizeOfFields(one.fields)
  if (size > maxAccountSize) throw new Error(`${one.name} has ${size} bytes: more than ${maxAccountSize}`)
  const state = `// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.\nunsafe impl State for ${one.name} {\n    const KIND: u8 = ${one.kind};\n}\n\n`
  const owned = one.fields.some((field) => field.name === 'network')
    ? `const _: () = assert!(offset_of!(${one.name}, network) == NETWORK_AT);\n// SAFETY: as just asserted.\nunsafe impl OfNetwork for ${one.name} {}\n\n`
    : ''
  return struct(one, '') + state + owned
}

/** A part of accounts and arguments. */
function part(one: Struct): string {
  const plain = `// SAFETY: as an account's.\nunsafe impl Plain for ${one.name} {}\n\n`
  return struct(one, '#[derive(Clone, Copy, PartialEq)]\n') + plain
}

export function stateFile(idl: Idl): string {
  const constants = Object.entries(idl.constants)
    .map(([name, value]) => `pub const ${name}: ${isByte.test(name) ? 'u8' : 'usize'} = ${value};\n`)
    .join('')
  return `${banner}use crate::account::{NETWORK_AT, OfNetwork, State};\nuse crate::memory::Plain;\nuse core::mem::{offset_of, size_of};\nuse pinocchio::Address;\n\n${constants}\n${idl.structs.map(part).join('')}${idl.accounts.map(account).join('')}`
}
