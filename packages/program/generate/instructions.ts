import { type Idl, type Instruction, placed, shapeOf, sizeOfFields, structOf } from './idl.ts'
import { banner, camel, doc, rustType } from './rust-types.ts'

/** How an argument is held: numbers and structs by value, the rest by reference into the data. */
function held(type: string): string {
  const { item, count } = shapeOf(type)
  if (count === 'rest') return "&'a [[u8; 32]]"
  if (item === 'hash' || item === 'address') return `&'a ${rustType(type)}`
  return rustType(type)
}

function read(type: string, offset: number): string {
  const { item, count } = shapeOf(type)
  if (count === 'rest') return 'list'
  if (item === 'hash') return `bytes_at::<${offset}, _>(fixed)`
  if (item === 'address') return `address_at::<${offset}, _>(fixed)`
  return `value_at::<${rustType(type)}, ${offset}, _>(fixed)`
}

function args(one: Instruction): string {
  if (one.args.length === 0) return ''
  for (const field of one.args)
    if (shapeOf(field.type).count === 'rest' && (field !== one.args.at(-1) || field.type !== 'hash[]'))
      throw new Error(`${one.name}.${field.name}: only the last argument may be a list, and of hashes`)
  const lists = one.args.some((field) => shapeOf(field.type).count === 'rest')
  const borrows = one.args.some((field) => held(field.type).includes("'a"))
  const name = `${camel(one.name)}Args${borrows ? "<'a>" : ''}`
  const life = borrows ? "<'a>" : ''
  const fields = one.args
    .map((field) => `${doc(field.doc, '    ')}    pub ${field.name}: ${held(field.type)},\n`)
    .join('')
  const reads = placed(one.args)
    .map((field) => `            ${field.name}: ${read(field.type, field.offset)},\n`)
    .join('')
  const split = lists
    ? `let (fixed, list) = with_list::<${sizeOfFields(one.args)}>(data)?;`
    : `let fixed = exactly::<${sizeOfFields(one.args)}>(data)?;`
  return `pub struct ${name} {\n${fields}}\n\nimpl${life} ${name} {\n    #[inline(always)]\n    pub fn parse(data: &${borrows ? "'a " : ''}[u8]) -> Result<Self, Error> {\n        ${split}\n        Ok(Self {\n${reads}        })\n    }\n}\n\n`
}

function checks(one: Instruction): string {
  return one.accounts
    .map((place) => {
      const on = (check: string) =>
        place.optional === true
          ? `        if let Some(${place.name}) = &${place.name} {\n            ${check}(${place.name})?;\n        }\n`
          : `        ${check}(${place.name})?;\n`
      const optional =
        place.optional === true ? `        let ${place.name} = optional(program, ${place.name});\n` : ''
      const signer = place.signer === true ? on('signer') : ''
      const writable = place.writable === true ? on('writable') : ''
      const fixed = place.address === undefined ? '' : on(`is_${place.address}_program`)
      return optional + signer + writable + fixed
    })
    .join('')
}

function accounts(one: Instruction): string {
  const name = `${camel(one.name)}Accounts`
  // The token and system programs are only needed to be there: nobody reads them.
  const kept = one.accounts.filter((place) => place.address === undefined)
  const fields = kept
    .map((place) => {
      const type = place.optional === true ? "Option<&'a mut AccountView>" : "&'a mut AccountView"
      return `${doc(place.doc, '    ')}    pub ${place.name}: ${type},\n`
    })
    .join('')
  const rest = one.rest === undefined ? '' : `    pub ${one.rest.name}: &'a mut [AccountView],\n`
  const pattern = one.accounts.map((place) => place.name).concat(one.rest ? `${one.rest.name} @ ..` : [])
  const restCheck =
    one.rest === undefined ? '' : `        signers::<${one.rest.min}, ${one.rest.max}>(${one.rest.name})?;\n`
  const built = kept.map((place) => place.name).concat(one.rest ? one.rest.name : [])
  const program = one.accounts.some((place) => place.optional === true) ? 'program' : '_program'
  return `${doc(one.doc)}pub struct ${name}<'a> {\n${fields}${rest}}\n\nimpl<'a> ${name}<'a> {\n    #[inline(always)]\n    pub fn parse(${program}: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {\n        let [${pattern.join(', ')}] = accounts else {\n            return Err(Error::WrongAccountCount);\n        };\n${checks(one)}${restCheck}        Ok(Self { ${built.join(', ')} })\n    }\n}\n\n`
}

export function instructionsFile(idl: Idl): string {
  const discriminators = idl.instructions
    .map((one) => `pub const ${one.name.toUpperCase()}: u8 = ${one.discriminator};\n`)
    .join('')
  const structs = [
    ...new Set(idl.instructions.flatMap((one) => one.args.map((field) => shapeOf(field.type).item))),
  ].filter((name) => structOf(name) !== undefined)
  const imports = `use super::errors::Error;\nuse super::state::{${structs.join(', ')}};\nuse crate::account::{is_system_program, is_token_program, optional, signer, signers, writable};\nuse crate::data::{address_at, bytes_at, exactly, value_at, with_list};\nuse pinocchio::{AccountView, Address};\n\n`
  return `${banner}${imports}${discriminators}\n${idl.instructions.map((one) => accounts(one) + args(one)).join('')}`
}
