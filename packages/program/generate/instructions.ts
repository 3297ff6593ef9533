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
  if (structOf(item) !== undefined) return `struct_at::<${item}, ${offset}, _>(fixed)`
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
    : `let fixed = of_size::<${sizeOfFields(one.args)}>(data)?;`
  return `pub struct ${name} {\n${fields}}\n\nimpl${life} ${name} {\n    #[inline(always)]\n    pub fn parse(data: &${borrows ? "'a " : ''}[u8]) -> Result<Self, Error> {\n        ${split}\n        Ok(Self {\n${reads}        })\n    }\n}\n\n`
}

/** What must be true of each account. */
function rights(one: Instruction): string {
  const each = one.accounts.map((place) => {
    const words = [
      ...(place.optional === true ? ['OPTIONAL'] : []),
      ...(place.signer === true ? ['SIGNER'] : []),
      ...(place.writable === true ? ['WRITABLE'] : []),
      ...(place.address === undefined ? [] : [`${place.address.toUpperCase()}_PROGRAM`]),
    ]
    return words.length === 0 ? '0' : words.join(' | ')
  })
  const name = `${camel(one.name)}Accounts<'_>`
  const count = one.accounts.length
  return `impl Rights<${count}> for ${name} {\n    const EACH: [u8; ${count}] = [${each.join(', ')}];\n}\n\n`
}

function optionals(one: Instruction): string {
  return one.accounts
    .filter((place) => place.optional === true)
    .map((place) => `        let ${place.name} = optional(program, ${place.name});\n`)
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
  const places = one.accounts.map((place) => (place.address === undefined ? place.name : '_'))
  const pattern = `[${places.join(', ')}]`
  const taken =
    one.rest === undefined
      ? `let ${pattern} = exactly::<Self, ${places.length}>(program, accounts)?;`
      : `let (${pattern}, ${one.rest.name}) = with_signers::<Self, ${places.length}, ${one.rest.min}, ${one.rest.max}>(program, accounts)?;`
  const built = kept.map((place) => place.name).concat(one.rest ? one.rest.name : [])
  return `${doc(one.doc)}pub struct ${name}<'a> {\n${fields}${rest}}\n\n${rights(one)}impl<'a> ${name}<'a> {\n    #[inline(always)]\n    pub fn parse(program: &Address, accounts: &'a mut [AccountView]) -> Result<Self, Error> {\n        ${taken}\n${optionals(one)}        Ok(Self { ${built.join(', ')} })\n    }\n}\n\n`
}

export function instructionsFile(idl: Idl): string {
  const discriminators = idl.instructions
    .map((one) => `pub const ${one.name.toUpperCase()}: u8 = ${one.discriminator};\n`)
    .join('')
  const structs = [
    ...new Set(idl.instructions.flatMap((one) => one.args.map((field) => shapeOf(field.type).item))),
  ].filter((name) => structOf(name) !== undefined)
  const imports = `use super::errors::Error;\nuse super::state::{${structs.join(', ')}};\nuse crate::account::{OPTIONAL, Rights, SIGNER, SYSTEM_PROGRAM, TOKEN_PROGRAM, WRITABLE, exactly, optional, with_signers};\nuse crate::data::{address_at, bytes_at, of_size, struct_at, value_at, with_list};\nuse pinocchio::{AccountView, Address};\n\n`
  return `${banner}${imports}${discriminators}\n${idl.instructions.map((one) => accounts(one) + args(one)).join('')}`
}
