// What a file of test/vectors/ is: how its entries are made, and how they are held to the code.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One module tools/vectors/<name>.ts exports `vectors: VectorFile<Entry>` and is found by its place.
 * `Entry` is what stands in the JSON: bytes as hex, u64 and larger as decimal strings, smaller integers as numbers.
 * Its fields come in the order of docs; the last field is a result, never an input.
 */
export interface VectorFile<Entry = unknown> {
  /** The file is test/vectors/<name>.json. */
  readonly name: string
  /** The same entries on every machine and in every run. */
  readonly generate: () => readonly Entry[]
  /** Takes an entry as read from the JSON, computes its results from its inputs alone, and throws where they differ. */
  readonly check: (entry: Entry) => void
}

export const VECTORS_FOLDER: string = join(import.meta.dirname, '..', '..', '..', 'test', 'vectors')
const GENERATORS_FOLDER: string = join(import.meta.dirname, '..')

export function pathOf(file: VectorFile): string {
  return join(VECTORS_FOLDER, `${file.name}.json`)
}

/** Every generator beside this folder, in the order of their names. */
export async function allVectorFiles(): Promise<readonly VectorFile[]> {
  const names = readdirSync(GENERATORS_FOLDER).filter((name) => name.endsWith('.ts'))
  const modules = names.sort().map((name) => import(join(GENERATORS_FOLDER, name)))
  return (await Promise.all(modules)).map(({ vectors }: { vectors: VectorFile }) => vectors)
}
