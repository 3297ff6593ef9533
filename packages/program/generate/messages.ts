import { type EventType, type Idl, placed, sizeOfFields } from './idl.ts'
import { banner, doc, rustType } from './rust-types.ts'

/** What one log line may hold, so that indexers can keep it in a row. */
const maxEventSize = 200

export function errorsFile(idl: Idl): string {
  const codes = new Set(idl.errors.map((one) => one.code))
  const names = new Set(idl.errors.map((one) => one.name))
  if (codes.size !== idl.errors.length || names.size !== idl.errors.length)
    throw new Error('idl.json gives an error code or name twice')
  const variants = idl.errors
    .map((one) => `    /// ${one.message}\n    ${one.name} = ${one.code},\n`)
    .join('')
  return `${banner}#[repr(u64)]\n#[derive(Clone, Copy, Debug, PartialEq)]\npub enum Error {\n${variants}}\n`
}

function event(one: EventType): string {
  const fields = one.fields.map(([name, type]) => ({ name, type }))
  const size = 1 + sizeOfFields(fields)
  if (size > maxEventSize) throw new Error(`event ${one.name} has ${size} bytes: more than ${maxEventSize}`)
  const wide = (type: string) => type === 'address' || type === 'hash'
  const declared = fields
    .map((field) => `    pub ${field.name}: ${wide(field.type) ? "&'a " : ''}${rustType(field.type)},\n`)
    .join('')
  const writes = placed(fields)
    .map((field) => {
      const bytes =
        field.type === 'address'
          ? `self.${field.name}.as_array()`
          : field.type === 'hash'
            ? `self.${field.name}`
            : `&self.${field.name}.to_le_bytes()`
      return `        put::<${field.offset + 1}, ${size}, _>(&mut line, ${bytes});\n`
    })
    .join('')
  return `${doc(one.doc)}pub struct ${one.name}<'a> {\n${declared}}\n\nimpl ${one.name}<'_> {\n    pub fn emit(&self) {\n        let mut line = [${one.discriminator}; ${size}];\n${writes}        log(&line);\n    }\n}\n\n`
}

export function eventsFile(idl: Idl): string {
  return `${banner}use crate::log::{log, put};\nuse pinocchio::Address;\n\n${idl.events.map(event).join('')}`
}
