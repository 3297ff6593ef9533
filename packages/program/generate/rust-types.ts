import { shapeOf } from './idl.ts'

export function rustType(type: string): string {
  const { item, count } = shapeOf(type)
  const one = item === 'address' ? 'Address' : item === 'hash' ? '[u8; 32]' : item
  return typeof count === 'number' ? `[${one}; ${count}]` : one
}

export function camel(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

export function doc(text: string | undefined, indent = ''): string {
  return text === undefined ? '' : `${indent}/// ${text}\n`
}

export const banner = '// Made from idl.json by generate/main.ts: change that file, not this one.\n\n'
