// The containers: of messages and facts, and of the records of the state. Found by their folders.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Codec } from '../../packages/protocol/src/codecs/strict.ts'
import { describeLayout } from './ssz.ts'

const PROTOCOL: string = join(import.meta.dirname, '..', '..', 'packages', 'protocol', 'src')

/** Every codec that a file of this folder exports, by file and place in it. */
export async function describeCodecs(folder: 'codecs' | 'state'): Promise<string> {
  const files = readdirSync(join(PROTOCOL, folder)).filter((file) => file.endsWith('.ts'))
  const parts = await Promise.all(files.sort().map((file) => describeFile(folder, file)))
  return parts.flat().join('\n\n')
}

async function describeFile(folder: string, file: string): Promise<string[]> {
  const path = join(folder, file)
  const exported: unknown[] = Object.values(await import(join(PROTOCOL, path)))
  const link = `[${path}](../packages/protocol/src/${path})`
  return exported.filter(isCodec).map(({ layout }) => {
    return `#### ${titleOf(layout.name)}\n\n${link}. ${describeLayout(layout)}`
  })
}

function isCodec(value: unknown): value is Codec<unknown> {
  return typeof value === 'object' && value !== null && 'layout' in value && 'decode' in value
}

/** 'a batch' as 'Batch'. */
function titleOf(name: string): string {
  const bare = name.replace(/^(?:an?|the) /, '')
  return bare.charAt(0).toUpperCase() + bare.slice(1)
}
