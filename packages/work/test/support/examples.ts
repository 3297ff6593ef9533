// The example jobs of docs/examples: a folder with a job.yaml, in which names of files beside it stand for their SHA-256.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { parse } from 'yaml'
import type { Content } from '../../src/index.ts'
import { contentOf } from './align.ts'

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples')

export const exampleNames: readonly string[] = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

export interface ExampleJob {
  readonly kind: string
  readonly title: string
  readonly requires?: readonly object[]
  readonly work: unknown
  readonly pay: { readonly tasks: number }
}

export function fileOf(example: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(examples, example, name)))
}

export function pathOf(example: string, name: string): string {
  return join(examples, example, name)
}

/** Everything that lies beside the job, by its hash. */
export function contentBeside(example: string): Content {
  return contentOf(readdirSync(join(examples, example)).map((name) => fileOf(example, name)))
}

export function jobOf(example: string): ExampleJob {
  return withHashes(parse(readFileSync(join(examples, example, 'job.yaml'), 'utf8')), example) as ExampleJob
}

function withHashes(value: unknown, example: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withHashes(one, example))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withHashes(one, example)]))
  const isFile =
    typeof value === 'string' && /^[\w-]+\.\w+$/.test(value) && existsSync(pathOf(example, value))
  return isFile ? createHash('sha256').update(fileOf(example, value)).digest('hex') : value
}

/** A program of the example, built from its source. */
export async function built(example: string, name: string): Promise<Uint8Array> {
  const made: Uint8Array[] = []
  const { error, stderr } = await asc.main(
    [`${name}.ts`, '--outFile', `${name}.wasm`, '--runtime', 'stub', '-O3', '--noAssert'],
    {
      readFile: (file) => {
        const path = pathOf(example, file)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (_, contents) => void made.push(Buffer.from(contents)),
      listFiles: () => [],
    },
  )
  if (error !== null) throw new Error(stderr.toString())
  return made[0] ?? new Uint8Array()
}
